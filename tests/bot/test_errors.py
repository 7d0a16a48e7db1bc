"""What failed is in the log under the id that the visitor is told."""

import pytest

from bot.errors import StoreError, log_failure


def failed(error):
    try:
        raise error
    except Exception as caught:
        return log_failure(caught)


def test_an_outage_is_one_line_for_each_message(caplog):
    for _ in range(3):
        error_id = failed(StoreError("PostgreSQL: no answer\nin time"))
        line = caplog.text.splitlines()[-1]
        assert error_id in line
        assert line.endswith("PostgreSQL: no answer in time")
    assert len(caplog.text.splitlines()) == 3


@pytest.mark.parametrize("error", [RuntimeError("oj oj"), OSError("oj oj")])
def test_where_any_other_error_came_from_is_told(caplog, error):
    error_id = failed(error)
    assert error_id in caplog.text
    assert "Traceback" in caplog.text
    assert "in failed" in caplog.text
    assert "oj oj" in caplog.text


def test_a_reply_without_words_is_told_too(caplog):
    assert log_failure(None) in caplog.text
    assert "Nothing was said." in caplog.text
