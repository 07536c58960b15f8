"""What the brand's files name is found in every spelling, and an edit counts at once."""

import shutil
from pathlib import Path

import pytest
from components.entities import BRAND, RETRY_SECONDS, BrandEntityExtractor
from rasa.shared.nlu.training_data.message import Message


@pytest.fixture(scope="module")
def extractor() -> BrandEntityExtractor:
    """Over the shipped brand."""
    return BrandEntityExtractor({"brand": None})


def found(extractor: BrandEntityExtractor, text: str) -> dict[str, str]:
    """The first value of each kind."""
    (message,) = extractor.process([Message.build(text)])
    entities = message.get("entities")
    assert all(text[each["start"] : each["end"]] == each["text"] for each in entities)
    return {each["entity"]: each["value"] for each in reversed(entities)}


def test_a_question_is_taken_apart(extractor: BrandEntityExtractor) -> None:
    assert found(extractor, "你们上海店这周六几点关门") == {
        "city": "shanghai",
        "weekday_or_date": "这周六",
    }
    assert found(extractor, "想给女朋友买条项链过生日，一千左右") == {
        "recipient": "girlfriend",
        "product_category": "necklace",
        "occasion": "birthday",
        "budget": "一千左右",
    }


@pytest.mark.parametrize(
    ("text", "recipient"),
    [
        ("同事家的宝宝满月", "newborn_family"),
        ("送同事", "colleague"),
        ("给我老婆的妈妈挑一个", "mother"),
    ],
)
def test_of_two_people_the_second_is_meant(
    extractor: BrandEntityExtractor, text: str, recipient: str
) -> None:
    assert found(extractor, text)["recipient"] == recipient


@pytest.mark.parametrize(
    "text", ["广州", "廣州", "GUANGZHOU", "Ｇｕａｎｇｚｈｏｕ", "in Guangzhou?"]
)
def test_every_spelling_means_the_same_city(extractor: BrandEntityExtractor, text: str) -> None:
    assert found(extractor, text) == {"city": "guangzhou"}


@pytest.mark.parametrize("text", ["show me", "during", "spring", "this is it"])
def test_a_latin_name_is_a_word_of_its_own(extractor: BrandEntityExtractor, text: str) -> None:
    assert found(extractor, text) == {}


def test_a_new_city_is_known_without_training_and_a_broken_edit_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    brand = tmp_path / "brand"
    shutil.copytree(BRAND, brand)
    extractor = BrandEntityExtractor({"brand": str(brand)})
    extractor._brand._seconds = 0  # look at once
    shops = brand / "shops.yml"
    name = "names: {zh-Hans: 月球城, zh-Hant: 月球城, en: Luna City}"
    shops.write_text(shops.read_text().replace("cities:\n", f"cities:\n  luna:\n    {name}\n", 1))
    assert found(extractor, "月球城有店吗")["city"] == "luna"
    shops.write_text("cities: [")
    assert found(extractor, "月球城有店吗")["city"] == "luna"
    assert "shops.yml:1" in caplog.text


def test_without_a_brand_dates_and_money_are_still_found(tmp_path: Path) -> None:
    extractor = BrandEntityExtractor({"brand": str(tmp_path)})
    assert found(extractor, "上海店明天 500以内") == {
        "weekday_or_date": "明天",
        "budget": "500以内",
    }


def test_files_broken_at_the_start_are_named_and_read_when_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    brand = tmp_path / "brand"
    shutil.copytree(BRAND, brand)
    shops = (brand / "shops.yml").read_text()
    (brand / "shops.yml").write_text("cities: [")
    extractor = BrandEntityExtractor({"brand": str(brand)})
    assert found(extractor, "上海") == {}
    assert "shops.yml:1" in caplog.text
    (brand / "shops.yml").write_text(shops)
    extractor._tried -= RETRY_SECONDS
    assert found(extractor, "上海") == {"city": "shanghai"}
