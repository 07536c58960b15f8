"""What the kernel knows of processes and of this machine, read from /proc."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Machine:
    """Where figures were taken."""

    cpu: str
    cores: int
    memory_gb: float
    load: float

    @classmethod
    def this(cls) -> "Machine":
        """This one; ``load`` is how many processes wanted to run during the last minute."""
        model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
        total = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
        return cls(
            cpu=model[1] if model else "unknown",
            cores=len(os.sched_getaffinity(0)),
            memory_gb=round(int(total[1]) / 1024**2, 1) if total else 0.0,
            load=os.getloadavg()[0],
        )


def cpu_milliseconds(pid: int) -> float:
    """Processor time that a process and its children have used, in user and system mode."""
    return sum(_own_milliseconds(each) for each in _family(pid))


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its children."""
    return sum(_own_resident_mb(each) for each in _family(pid))


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _own_milliseconds(pid: int) -> float:
    # The name in brackets may hold spaces; utime and stime are the 12th and 13th field after it.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / TICKS


def _own_resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0
