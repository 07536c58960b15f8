"""What sounds alike is written alike."""

from components.sounds import sound


def test_homophones_and_typed_pinyin_sound_like_the_right_word() -> None:
    assert sound("积分") == sound("机分") == sound("ji fen") == "jifen"


def test_what_is_no_chinese_stays() -> None:
    assert sound("vip 卡 😀?") == "vipka😀?"
