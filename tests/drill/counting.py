"""What a drill has shown, counted from what followers saw and from the ledger alone. Plain functions of both."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from bot.change import WINDOW_SECONDS
from bot.ledger import Entry, audit

BLOW_SECONDS = 0.5
"""How long after a kill was noted its victim may still be seen to break off."""

Line = Mapping[str, Any]
"""A line of the simulator's transcript."""


@dataclass(frozen=True)
class Question:
    """What a follower asked, and what stands in its answer and in no other of this follower's."""

    text: str
    mark: str
    push: str


@dataclass(frozen=True)
class OpenSend:
    """A customer message that was being sent when a process was killed."""

    openid: str
    bubble: str
    text: str


@dataclass(frozen=True)
class Try:
    """One delivery of a push (Unix seconds), and whether it brought an answer that WeChat took."""

    began_at: float
    ended_at: float
    is_answered: bool


@dataclass
class Kill:
    """One SIGKILL: who, when it was gone and when it was up again (Unix seconds), and the sends that it cut off."""

    name: str
    at: float
    up_at: float = 0.0
    open_sends: tuple[OpenSend, ...] = ()


@dataclass(frozen=True)
class Story:
    """One follower: the questions in the order in which they were asked, and the phone's whole transcript."""

    openid: str
    questions: Sequence[Question]
    lines: Sequence[Line]


@dataclass(frozen=True)
class Evidence:
    """All that is known at the end. ``tries``: the deliveries of each push."""

    stories: Sequence[Story]
    kills: Sequence[Kill]
    tries: Mapping[str, Sequence[Try]]
    entries: Sequence[Entry]
    now: float
    accepted: Set[str]
    """The marks of the questions that the desk's transcripts hold."""
    resend: str
    """The notice that asks a follower to send a message again."""


@dataclass
class Verdict:
    """The counts; each list names what is counted."""

    messages: int = 0
    answered: int = 0
    by_agent: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    uncertain: list[str] = field(default_factory=list)
    failure_lines: list[str] = field(default_factory=list)
    excused_failure_lines: int = 0
    never_brought: int = 0
    asked_again: int = 0
    enquiries: int = 0
    unanswered: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def broken(self) -> list[str]:
        """The promises that were broken, in words; empty when all were kept."""
        counts = {
            "lost": self.lost,
            "doubled": self.doubled,
            "out of order": self.out_of_order,
            "orphans": self.orphans,
            "ledger faults": self.faults,
            "failure lines": self.failure_lines,
        }
        told = [f"{name} {len(found)}" for name, found in counts.items() if found]
        return told + [f"unanswered {self.unanswered}"] * bool(self.unanswered)


def judge(evidence: Evidence) -> Verdict:
    """Count everything."""
    verdict = Verdict()
    for story in evidence.stories:
        _count_answers(verdict, story, evidence)
        _count_disorder(verdict, story, evidence.tries)
        _count_failure_lines(verdict, story, evidence.kills, evidence.tries)
    _count_ledger(verdict, evidence)
    return verdict


def tries_of(log: Iterable[Mapping[str, Any]]) -> dict[str, list[Try]]:
    """The deliveries of each push, from the simulator's journal."""
    tries: dict[str, list[Try]] = defaultdict(list)
    for entry in log:
        if entry["kind"] == "delivery":
            ended_at, is_answered = entry["at"], entry["verdict"] in ("shown", "nothing")
            tries[entry["push"]].append(Try(ended_at - entry["seconds"], ended_at, is_answered))
    return tries


def _count_answers(verdict: Verdict, story: Story, evidence: Evidence) -> None:
    told = [line for line in story.lines if line["side"] == "account"]
    cut = [s for kill in evidence.kills for s in kill.open_sends if s.openid == story.openid]
    resent = {line["push"] for line in told if evidence.resend in line["text"]}
    verdict.asked_again += len(resent)
    for question in story.questions:
        verdict.messages += 1
        named = f"{question.mark} of {story.openid}"
        seen = sum(line["text"].count(question.mark) for line in told)
        verdict.answered += bool(seen)
        if seen > 1:
            verdict.doubled.append(named)
        elif not seen and any(question.mark in send.text for send in cut):
            verdict.uncertain.append(named)
        elif (
            not seen
            and question.mark not in evidence.accepted
            and _was_never_up(evidence, question.push)
        ):
            verdict.never_brought += 1
        elif not seen and question.push not in resent:
            verdict.lost.append(named)


def _count_disorder(verdict: Verdict, story: Story, tries: Mapping[str, Sequence[Try]]) -> None:
    """An answer shown before an earlier question's, unless WeChat itself brought that question later."""
    never = float("inf")
    shown: list[tuple[int, float, str]] = []
    for number, question in _as_shown(story):
        answered = (each.began_at for each in tries.get(question.push, ()) if each.is_answered)
        at = next(answered, never)
        late = [mark for earlier, since, mark in shown if earlier > number and at < since]
        verdict.out_of_order += [f"{mark} before {question.mark}" for mark in late]
        shown.append((number, at, question.mark))


def _as_shown(story: Story) -> Iterator[tuple[int, Question]]:
    places: dict[int, list[tuple[int, int, Question]]] = defaultdict(list)
    told = [line["text"] for line in story.lines if line["side"] == "account"]
    for number, question in enumerate(story.questions):
        for place, text in enumerate(told):
            if (at := text.find(question.mark)) >= 0:
                places[place].append((at, number, question))
                break
    for place in sorted(places):
        for _, number, question in sorted(places[place], key=lambda each: each[:2]):
            yield number, question


def _count_failure_lines(
    verdict: Verdict, story: Story, kills: Sequence[Kill], tries: Mapping[str, Sequence[Try]]
) -> None:
    for line in story.lines:
        if line["kind"] != "failure":
            continue
        if any(_was_away(kill, tries.get(line["push"], ())) for kill in kills):
            verdict.excused_failure_lines += 1
        else:
            verdict.failure_lines.append(f"push {line['push']} of {story.openid}")


def _was_never_up(evidence: Evidence, push: str) -> bool:
    tries = evidence.tries.get(push, ())
    is_given_up = bool(tries) and not any(each.is_answered for each in tries)
    return is_given_up and any(_was_away(kill, tries) for kill in evidence.kills)


def _was_away(kill: Kill, tries: Sequence[Try]) -> bool:
    """Whether no connector was up from the first delivery of a push, which may have been cut off, to the last one."""
    if kill.name != "connector" or not tries:
        return False
    first, last = tries[0], tries[-1]
    return kill.at <= first.ended_at + BLOW_SECONDS and last.began_at <= kill.up_at


def _count_ledger(verdict: Verdict, evidence: Evidence) -> None:
    # Seen from the day after tomorrow: what is open now and ends by nobody's doing is an orphan then.
    result = audit(evidence.entries, evidence.now + WINDOW_SECONDS + 1)
    verdict.enquiries = result.enquiries
    verdict.orphans, verdict.faults = result.orphans, result.faults
    verdict.unanswered = result.unanswered - len(result.orphans)
    verdict.outcomes = result.outcomes
    verdict.by_agent = result.outcomes["answered_by_agent"]
