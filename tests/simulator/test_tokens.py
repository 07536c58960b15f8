"""How access tokens come and go."""

import pytest

from connectors.simulator.model.codes import Refusal
from connectors.simulator.model.ids import Ids
from connectors.simulator.model.quotas import Quotas
from connectors.simulator.model.tokens import Token, Tokens


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(Ids("test", 0))


def code(tokens: Tokens, token: Token | str, now: float) -> int:
    try:
        tokens.check(token if isinstance(token, str) else token.value, now)
    except Refusal as refusal:
        return refusal.errcode
    return 0


def test_a_token_lives_for_two_hours(tokens: Tokens) -> None:
    token = tokens.issue(0)
    assert code(tokens, token, 7199) == 0
    assert code(tokens, token, 7200) == 42001


def test_each_plain_call_makes_a_new_token_and_the_old_one_lives_five_minutes(
    tokens: Tokens,
) -> None:
    old, new = tokens.issue(0), tokens.issue(100)
    assert old != new
    assert [code(tokens, old, 399), code(tokens, old, 400)] == [0, 40001]


def test_stable_token_stays_the_same_until_its_last_five_minutes(tokens: Tokens) -> None:
    first = tokens.issue_stable(0)
    assert tokens.issue_stable(6899) == first
    second = tokens.issue_stable(6900)
    assert second != first
    assert code(tokens, first, 7199) == 0
    assert second.ends_at - 6900 == 7200


def test_the_two_end_points_do_not_disturb_each_other(tokens: Tokens) -> None:
    stable = tokens.issue_stable(0)
    for at in (1, 2, 3):
        tokens.issue(at)
    assert code(tokens, stable, 1000) == 0


def test_force_voids_the_old_token_at_once_but_not_twice_within_30_seconds(tokens: Tokens) -> None:
    first = tokens.issue_stable(0)
    second = tokens.issue_stable(1, force=True)
    assert code(tokens, first, 1) == 40001
    assert tokens.issue_stable(30, force=True) == second
    assert tokens.issue_stable(31, force=True) != second


def test_force_works_twenty_times_a_day(tokens: Tokens) -> None:
    values = {tokens.issue_stable(at * 60, force=True).value for at in range(25)}
    assert len(values) == 20


def test_void_malformed_and_missing_tokens_have_their_codes(tokens: Tokens) -> None:
    token = tokens.issue_stable(0)
    tokens.void_all(10)
    assert code(tokens, token, 10) == 40001
    assert code(tokens, "rubbish", 0) == 40014
    assert code(tokens, "", 0) == 41001
    assert tokens.issue_stable(11) != token


def test_a_day_of_token_calls_has_its_quota() -> None:
    quotas = Quotas.of_account(is_test=True)
    for _ in range(200):
        quotas.use("/cgi-bin/token", 0)
    with pytest.raises(Refusal) as refused:
        quotas.use("/cgi-bin/token", 0)
    assert refused.value.errcode == 45009
    quotas.use("/cgi-bin/token", 16 * 3600)  # midnight in China


def test_a_minute_of_stable_token_calls_has_its_quota() -> None:
    quotas = Quotas({}, {"/cgi-bin/stable_token": 2})
    quotas.use("/cgi-bin/stable_token", 0)
    quotas.use("/cgi-bin/stable_token", 59)
    with pytest.raises(Refusal) as refused:
        quotas.use("/cgi-bin/stable_token", 59)
    assert refused.value.errcode == 45011
    quotas.use("/cgi-bin/stable_token", 60)
