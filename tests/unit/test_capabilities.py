"""What an account of each kind may do."""

from typing import get_args

import pytest

from connectors.wechat.capabilities import CAPABILITIES, AccountKind, Capability, limits, may

C = Capability


def test_every_kind_of_account_stands_in_the_table() -> None:
    assert set(CAPABILITIES) == set(get_args(AccountKind))


@pytest.mark.parametrize(
    ("kind", "has", "lacks"),
    [
        ("verified_service", set(C), set()),
        (
            "verified_subscription",
            {C.SEND, C.MESSAGE_MENU, C.TYPING, C.MEDIA, C.MENU, C.USERS, C.SUBSCRIPTIONS, C.MASS},
            {C.TEMPLATES, C.QR_CODES, C.LOCATION_EVENTS, C.WEB_LOGIN, C.MASS_BY_OPENID},
        ),
        ("unverified_service", set(), set(C)),
        ("unverified_subscription", set(), set(C)),
        ("test", {C.SEND, C.TYPING, C.MENU, C.MEDIA}, {C.MESSAGE_MENU, C.DESK_OF_WECHAT}),
    ],
)
def test_story_30_each_kind_of_account_does_only_what_it_may(
    kind: AccountKind, has: set[C], lacks: set[C]
) -> None:
    assert {each for each in C if may(kind, each)} >= has
    assert not {each for each in C if may(kind, each)} & lacks


def test_what_an_account_cannot_do_is_said_in_plain_words() -> None:
    assert list(limits("verified_service")) == []
    assert [sentence for sentence in limits("test") if "message menus" in sentence]
    assert len(list(limits("unverified_subscription"))) == 5
