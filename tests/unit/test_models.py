"""Which model is live, and how one is put back."""

from pathlib import Path

import pytest

from bot.models import Models, NoSuchModel


@pytest.fixture
def models(tmp_path: Path) -> Models:
    """Three models; none is live yet."""
    for name in ("one", "two", "three"):
        (tmp_path / f"{name}.tar.gz").touch()
    return Models(tmp_path)


def test_the_one_before_is_put_back_and_the_other_refused(models: Models) -> None:
    for name in ("one", "two"):
        models.go_live(name)
    assert models.put_back() == "one"
    assert (models.record().live, models.record().refused) == ("one", "two")
    models.go_live("three")
    assert models.record().refused == ""
    assert models.record().before[0] == "one"


def test_a_chosen_model_stays_although_the_data_have_another(models: Models) -> None:
    models.go_live("two")
    models.go_live("one", instead_of="two")
    assert (models.record().live, models.record().refused) == ("one", "two")
    models.go_live("two", instead_of="two")
    assert models.record().refused == ""


def test_there_must_be_one_to_put_back(models: Models) -> None:
    models.go_live("one")
    with pytest.raises(NoSuchModel, match="no model from before"):
        models.put_back()


def test_an_unknown_model_is_refused_with_those_that_there_are(models: Models) -> None:
    with pytest.raises(NoSuchModel, match=r"no model four; there are .*two"):
        models.go_live("four")


def test_a_model_that_was_deleted_is_passed_over(models: Models) -> None:
    for name in ("one", "two", "three"):
        models.go_live(name)
    models.path("two").unlink()
    assert models.put_back() == "one"
