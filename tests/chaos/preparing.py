"""What is asked of a run, and what this machine can make of it."""

from dataclasses import dataclass
from pathlib import Path

from tests.chaos.clocks import NoClocks, compile_steps
from tests.chaos.disk import Disk, NoDisk
from tests.chaos.schedule import KINDS, Kind, World
from tests.chaos.servers import Say
from tests.chaos.system import System


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a run. `kinds` are the faults wanted, `longest` of them lasts so many seconds; `folder` is kept
    whatever comes. Raises ValueError."""

    seed: int
    minutes: float
    a_minute: float
    nodes: int = 1
    replicas: int = 2
    flow: float = 80.0
    longest: float = 60.0
    kinds: tuple[Kind, ...] = tuple(KINDS)
    folder: Path | None = None

    def __post_init__(self) -> None:
        if unknown := set(self.kinds) - set(KINDS):
            raise ValueError(f"there is no fault {', '.join(sorted(unknown))}; there are {', '.join(KINDS)}")
        if self.minutes <= 0 or self.a_minute <= 0 or self.flow <= 0:
            raise ValueError("minutes, faults and flow must be more than 0")
        if self.folder is not None and self.folder.exists() and any(self.folder.iterdir()):
            raise ValueError(f"{self.folder} is not empty; give a new folder")


def system_for(wish: Wish, folder: Path, not_here: list[str], say: Say) -> System:
    """With what this machine can do of what is wished; of the rest `not_here` gets the reasons."""
    system = System(folder, say, nodes=wish.nodes, replicas=wish.replicas)
    try:
        if "disk" in wish.kinds:
            system.disk = Disk(folder / "disk")
    except NoDisk as error:
        not_here.append(f"disk: {error}")
    try:
        if "clock" in wish.kinds:
            system.stepping = compile_steps(folder)
    except NoClocks as error:
        not_here.append(f"clock: {error}")
    for line in not_here:
        say(f"Not made here: {line}")
    return system


def world_of(wish: Wish, system: System) -> World:
    """What there is to break, by name, always in the same order. The boards stay: they forget when they are killed."""
    can = {"disk": system.disk is not None, "clock": system.stepping is not None}
    return World(
        replicas=tuple(name for name in system.things if f"{name}~postgres" in system.ways),
        servers=("postgres", *(f"kafka-{n}" for n in range(1, wish.nodes + 1)), "mailcatcher"),
        ways=tuple(sorted(system.ways)),
        clocked=tuple(system.clocks),
        kinds=tuple(kind for kind in wish.kinds if can.get(kind, True)),
    )
