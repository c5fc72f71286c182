"""Administration of a guarded broker: credentials and access control lists, through Kafka's own admin protocol.

kafka-python, since it speaks both; confluent-kafka 2.16 ended the process (an assertion, memory it did not own) where the
broker refused, and aiokafka has no credentials.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    ScramMechanism,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)
from kafka.errors import KafkaError

from deploy.access.grants import Grant
from loti_contracts.delivery.broker import Broker

_TYPES: Final = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional id": ResourceType.TRANSACTIONAL_ID,
}
_OPERATIONS: Final = {
    "read": ACLOperation.READ,
    "write": ACLOperation.WRITE,
    "describe": ACLOperation.DESCRIBE,
    "create": ACLOperation.CREATE,
}
_ROUNDS: Final = 8192
_MS: Final = 15_000
_BOOTSTRAP_MS: Final = 6_000
_KNOWN_WITHIN: Final = 10.0


class BrokerRefused(RuntimeError):
    """The broker did not do it; the text says what was asked and what it answered. Nothing was changed by halves."""


class Administration:
    """Of one broker, as somebody who may. Blocks; use it in a `with`, so that its connections are closed."""

    def __init__(self, broker: Broker) -> None:
        """Raises BrokerRefused where the broker is not reached or lets nobody of that name in."""
        try:
            self._client = KafkaAdminClient(
                **broker.client(),
                request_timeout_ms=_MS,
                bootstrap_timeout_ms=_BOOTSTRAP_MS,
                client_id="loti-access",
            )
        except KafkaError as error:
            raise BrokerRefused(f"{broker.servers} did not let {broker.user} in: {_said(error)}") from error

    def __enter__(self) -> "Administration":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def users(self) -> list[str]:
        """Everybody who has a credential. Raises BrokerRefused."""
        with _asked("let this user administer it"):  # at once; the next question would wait for its end
            _raise(self._client.describe_acls(_of("nobody"))[1])
        with _asked("list the credentials"):
            return sorted(self._client.describe_user_scram_credentials())

    def let_in(self, name: str, grants: Iterable[Grant]) -> str:
        """Give a credential and these grants, in the place of any it had; the new password. Raises BrokerRefused, and
        then nobody of that name is let in who was not before."""
        known = name in self.users()
        password = self._new_password(name)
        try:
            self._take_grants(name)
            self._grant(name, list(grants))
        except BrokerRefused:
            if not known:
                self._forget(name)
                self._take_grants(name)
            raise
        self._wait_for(name)
        return password

    def rotate(self, name: str) -> str:
        """A new password; the old one is worth nothing from now on to whoever connects. Raises BrokerRefused."""
        if name not in self.users():
            raise BrokerRefused(f"nobody is called {name}")
        return self._new_password(name)

    def shut_out(self, name: str) -> bool:
        """Take credential and grants away; whether there were any. Raises BrokerRefused."""
        known = name in self.users()
        granted = self._take_grants(name)
        if known:
            self._forget(name)
        return known or granted

    def topics_of(self, name: str) -> list[str]:
        """The topics that it may read. Raises BrokerRefused."""
        with _asked(f"list the grants of {name}"):
            found, error = self._client.describe_acls(_of(name))
            _raise(error)
        patterns = [acl.resource_pattern for acl in found if acl.operation == ACLOperation.READ]
        return sorted({p.resource_name for p in patterns if p.resource_type == ResourceType.TOPIC})

    def _new_password(self, name: str) -> str:
        password = secrets.token_urlsafe(32)
        self._alter(
            f"make a credential for {name}",
            UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password, iterations=_ROUNDS),
        )
        return password

    def _wait_for(self, name: str) -> None:
        """A broker knows a credential a little later than its controller took it."""
        until = time.monotonic() + _KNOWN_WITHIN
        while name not in self.users():
            if time.monotonic() > until:
                raise BrokerRefused(
                    f"the broker took the credential of {name} and does not know it yet; ask again"
                )
            time.sleep(0.1)

    def _forget(self, name: str) -> None:
        self._alter(
            f"take the credential of {name}", UserScramCredentialDeletion(name, ScramMechanism.SCRAM_SHA_512)
        )

    def _alter(self, what: str, alteration: Any) -> None:
        with _asked(what):
            refused = [why for why in self._client.alter_user_scram_credentials([alteration]).values() if why]
        if refused:
            raise BrokerRefused(f"the broker did not {what}: {refused[0]}")

    def _grant(self, name: str, grants: Sequence[Grant]) -> None:
        with _asked(f"grant {name} what it may"):
            answer = self._client.create_acls([_acl(name, grant) for grant in grants])
            for error in answer["failed"]:
                _raise(error)

    def _take_grants(self, name: str) -> bool:
        with _asked(f"take the grants of {name}"):
            [(_, taken, error)] = self._client.delete_acls([_of(name)])
            _raise(error)
        return bool(taken)


def _acl(name: str, grant: Grant) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if grant.prefixed else ACLResourcePatternType.LITERAL
    resource = ResourcePattern(_TYPES[grant.resource], grant.name, pattern)
    return ACL(f"User:{name}", "*", _OPERATIONS[grant.operation], ACLPermissionType.ALLOW, resource)


def _of(name: str) -> ACLFilter:
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    return ACLFilter(f"User:{name}", None, ACLOperation.ANY, ACLPermissionType.ANY, everything)


@contextlib.contextmanager
def _asked(what: str) -> Iterator[None]:
    try:
        yield
    except KafkaError as error:
        raise BrokerRefused(f"the broker did not {what}: {_said(error)}") from error


def _raise(error: Any) -> None:
    """kafka-python hands back NoError, a class or an instance, where all is well."""
    found: Callable[[], BaseException] | BaseException = error
    failed = found() if isinstance(found, type) else found
    if isinstance(failed, KafkaError) and getattr(failed, "errno", 0) != 0:
        raise failed


def _said(error: BaseException) -> str:
    return f"{type(error).__name__.removesuffix('Error')}: {error}" if str(error) else type(error).__name__
