"""Administration of a guarded broker: credentials and access control lists, through Kafka's own admin protocol.

kafka-python, since it speaks both; confluent-kafka 2.16 ended the process (an assertion, memory it did not own) where the
broker refused, and aiokafka has no credentials.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
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
from deploy.access.refusals import BrokerRefused, asked, raise_, said
from loti_contracts.delivery.broker import Broker

__all__ = ["Administration", "BrokerRefused"]

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
            raise BrokerRefused(f"{broker.servers} did not let {broker.user} in: {said(error)}") from error

    def __enter__(self) -> "Administration":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def users(self) -> list[str]:
        """Everybody who has a credential. Raises BrokerRefused."""
        with asked("let this user administer it"):  # at once; the next question would wait for its end
            raise_(self._client.describe_acls(_of("nobody"))[1])
        with asked("list the credentials"):
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

    def keep_in(self, name: str, grants: Iterable[Grant], password: str) -> None:
        """This credential and these grants. What is right already is left alone, so nobody at work is held up. Raises
        BrokerRefused."""
        with asked(f"list the grants of {name}"):
            found, error = self._client.describe_acls(_of(name))
            raise_(error)
        wanted = list(grants)
        self._alter(f"make a credential for {name}", _credential(name, password))
        if {_key(acl) for acl in found} != {_key(_acl(name, grant)) for grant in wanted}:
            self._take_grants(name)
            self._grant(name, wanted)
        self._wait_for(name)

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
        with asked(f"list the grants of {name}"):
            found, error = self._client.describe_acls(_of(name))
            raise_(error)
        patterns = [acl.resource_pattern for acl in found if acl.operation == ACLOperation.READ]
        return sorted({p.resource_name for p in patterns if p.resource_type == ResourceType.TOPIC})

    def _new_password(self, name: str) -> str:
        password = secrets.token_urlsafe(32)
        self._alter(f"make a credential for {name}", _credential(name, password))
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
        with asked(what):
            refused = [why for why in self._client.alter_user_scram_credentials([alteration]).values() if why]
        if refused:
            raise BrokerRefused(f"the broker did not {what}: {refused[0]}")

    def _grant(self, name: str, grants: Sequence[Grant]) -> None:
        with asked(f"grant {name} what it may"):
            answer = self._client.create_acls([_acl(name, grant) for grant in grants])
            for error in answer["failed"]:
                raise_(error)

    def _take_grants(self, name: str) -> bool:
        with asked(f"take the grants of {name}"):
            [(_, taken, error)] = self._client.delete_acls([_of(name)])
            raise_(error)
        return bool(taken)


def _credential(name: str, password: str) -> UserScramCredentialUpsertion:
    return UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, password, iterations=_ROUNDS)


def _key(acl: ACL) -> tuple[object, ...]:
    pattern = acl.resource_pattern
    return pattern.resource_type, pattern.resource_name, pattern.pattern_type, acl.operation


def _acl(name: str, grant: Grant) -> ACL:
    pattern = ACLResourcePatternType.PREFIXED if grant.prefixed else ACLResourcePatternType.LITERAL
    resource = ResourcePattern(_TYPES[grant.resource], grant.name, pattern)
    return ACL(f"User:{name}", "*", _OPERATIONS[grant.operation], ACLPermissionType.ALLOW, resource)


def _of(name: str) -> ACLFilter:
    everything = ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY)
    return ACLFilter(f"User:{name}", None, ACLOperation.ANY, ACLPermissionType.ANY, everything)
