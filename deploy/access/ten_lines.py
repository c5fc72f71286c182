"""The ten lines that a new subscriber starts with. Pure."""

from collections.abc import Sequence

from loti_contracts.delivery.broker import Broker
from loti_contracts.events import EVENTS, Topic


def ten_lines(name: str, password: str, topics: Sequence[Topic], broker: Broker) -> str:
    """What to set, and a program that runs: with its own credential on these topics."""
    events = [event.__name__ for event in EVENTS.values() if event.topic == topics[0].name]
    settings = {
        "LOTI_KAFKA": broker.servers,
        "LOTI_KAFKA_SECURITY": broker.security,
        "LOTI_KAFKA_USER": name,
        "LOTI_KAFKA_PASSWORD": password,
    } | ({"LOTI_KAFKA_CA": str(broker.ca)} if broker.ca else {})
    return "\n".join(
        (
            f"# {name} may read {', '.join(topic.name for topic in topics)}. The password is shown this once.",
            *(f"export {setting}={value}" for setting, value in settings.items()),
            "export LOTI_DATABASE=postgresql://localhost/mine   # a PostgreSQL database of your own",
            "",
            f"# {name}.py, after: pip install 'loti-contracts[delivery]'",
            "from loti_contracts.delivery.subscriber import Subscriber",
            f"from loti_contracts.events import {', '.join(events)}",
            "",
            f'app = Subscriber("{name}")',
            "",
            f"@app.on({', '.join(events)})",
            "async def hear(said, tx):",
            "    print(said.event.type, said.subject)   # what you write through tx happens once",
            "",
            "app.run()",
        )
    )
