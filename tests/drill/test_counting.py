"""The drill's counting finds what it is there to find: a drill that cannot turn red proves nothing."""

from dataclasses import replace

from bot.enquiry import Outcome
from bot.ledger import Entry, Event
from tests.drill.counting import Evidence, Kill, OpenSend, Question, Story, Try, judge, tries_of
from tests.drill.report import told

NOW = 1_795_392_000.0
ONE, TWO = Question("请问 #a-1", "#a-1", "push-1"), Question("请问 #a-2", "#a-2", "push-2")


def line(text: str, kind: str = "text", push: str | None = None, side: str = "account") -> dict:  # type: ignore[type-arg]
    """A line of a phone."""
    return {"side": side, "text": text, "kind": kind, "push": push, "at": NOW}


def evidence(*lines: dict, **more: object) -> Evidence:  # type: ignore[type-arg]
    """What one follower saw who asked two questions, brought one after the other."""
    story = Story("oFollower", [ONE, TWO], lines)
    tries = {"push-1": [Try(NOW, NOW + 1, True)], "push-2": [Try(NOW + 2, NOW + 3, True)]}
    return replace(Evidence([story], [], tries, [], NOW, {"#a-1", "#a-2"}, "请重发"), **more)  # type: ignore[arg-type]


BOTH = (line("答 #a-1"), line("答 #a-2"))


def test_two_questions_answered_in_order_break_nothing() -> None:
    verdict = judge(evidence(*BOTH))
    assert (verdict.messages, verdict.answered, verdict.broken) == (2, 2, [])


def test_one_text_may_answer_both() -> None:
    assert judge(evidence(line("答 #a-1 #a-2"))).broken == []


def test_an_answer_that_nobody_saw_is_lost() -> None:
    assert judge(evidence(line("答 #a-1"))).broken == ["lost 1"]


def test_an_answer_cut_off_while_it_was_sent_is_uncertain_and_listed() -> None:
    cut = Kill("worker-1", NOW, NOW + 2, (OpenSend("oFollower", "b7", "答 #a-2"),))
    verdict = judge(evidence(line("答 #a-1"), kills=[cut]))
    assert verdict.broken == []
    assert verdict.uncertain == ["#a-2 of oFollower"]
    assert "  worker-1 after 0.0 s: b7 to oFollower" in list(told("Drill", [cut], verdict))


def test_another_followers_open_send_excuses_nothing() -> None:
    cut = Kill("worker-1", NOW, NOW + 2, (OpenSend("oOther", "b7", "答 #a-2"),))
    assert judge(evidence(line("答 #a-1"), kills=[cut])).broken == ["lost 1"]


def test_an_answer_seen_twice_is_doubled() -> None:
    assert judge(evidence(*BOTH, line("答 #a-2"))).broken == ["doubled 1"]


def test_a_later_questions_answer_first_is_disorder() -> None:
    assert judge(evidence(*reversed(BOTH))).broken == ["out of order 1"]


def test_what_wechat_brought_later_is_answered_later() -> None:
    late = {"push-1": [Try(NOW, NOW + 1, False), Try(NOW + 5, NOW + 6, True)]}
    late["push-2"] = [Try(NOW + 2, NOW + 3, True)]
    assert judge(evidence(*reversed(BOTH), tries=late)).broken == []


def test_who_was_asked_to_send_again_has_lost_nothing() -> None:
    verdict = judge(evidence(line("答 #a-1"), line("请重发", push="push-2")))
    assert (verdict.asked_again, verdict.broken) == (1, [])


def test_a_failure_line_counts_unless_no_connector_was_up_all_the_time() -> None:
    tries = {"push-2": [Try(NOW + 5 * n, NOW + 5 * n + 1, False) for n in range(3)]}
    seen = [*BOTH, line("故障", "failure", "push-2", "system")]
    assert judge(evidence(*seen, tries=tries)).broken == ["failure lines 1"]
    short, other = Kill("connector", NOW, NOW + 4), Kill("worker-1", NOW, NOW + 40)
    assert judge(evidence(*seen, tries=tries, kills=[short, other])).broken == ["failure lines 1"]
    long = judge(evidence(*seen, tries=tries, kills=[Kill("connector", NOW, NOW + 12)]))
    assert (long.broken, long.excused_failure_lines) == ([], 1)


def test_what_was_never_brought_to_any_connector_is_not_lost_by_it() -> None:
    tries = {"push-2": [Try(NOW + 5 * n, NOW + 5 * n, False) for n in range(3)]}
    away = {"tries": tries, "kills": [Kill("connector", NOW, NOW + 12)]}
    verdict = judge(evidence(line("答 #a-1"), accepted={"#a-1"}, **away))
    assert (verdict.never_brought, verdict.broken) == (1, [])
    # Its first delivery was cut off after the message had been stored.
    assert judge(evidence(line("答 #a-1"), **away)).broken == ["lost 1"]


def test_an_enquiry_that_nobody_ends_is_an_orphan() -> None:
    opened = Entry(Event.OPENED, "a-1", NOW, NOW + 48 * 3600)
    assert judge(evidence(*BOTH, entries=[opened])).broken == ["orphans 1"]
    ended = Entry(Event.CLOSED, "a-1", NOW, outcome=Outcome.ANSWERED_BY_BOT)
    assert judge(evidence(*BOTH, entries=[opened, ended])).broken == []
    again = judge(evidence(*BOTH, entries=[opened, ended, ended]))
    assert again.broken == ["ledger faults 1"]
    expired = replace(ended, outcome=Outcome.EXPIRED)
    assert judge(evidence(*BOTH, entries=[opened, expired])).broken == ["unanswered 1"]


def test_deliveries_are_read_from_the_journal() -> None:
    log = [
        {"kind": "push", "push": "p", "at": NOW},
        {"kind": "delivery", "push": "p", "at": NOW + 5, "seconds": 5.0, "verdict": "abnormal"},
        {"kind": "delivery", "push": "p", "at": NOW + 6, "seconds": 0.5, "verdict": "shown"},
    ]
    assert tries_of(log) == {"p": [Try(NOW, NOW + 5, False), Try(NOW + 5.5, NOW + 6, True)]}
