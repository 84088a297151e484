"""A run that fails says in Chinese who must act and what to do."""

import ast
import re

import pytest

from phaseout.domain.fault_words import FAULTS, fault_words
from phaseout.errors import OperatorError, ReporterError, TransientError, UsageError
from phaseout.settings import PROJECT


class ServerAway(TransientError):
    """An invented error of a family."""


@pytest.mark.parametrize(
    ("error", "name"),
    [
        pytest.param(ServerAway(), "外部系统暂不可用", id="transient"),
        pytest.param(UsageError(), "参数或者数据有误", id="usage"),
        pytest.param(OperatorError(), "需要系统管理员处理", id="operator"),
        pytest.param(ReporterError(), "报送材料有误", id="reporter"),
        pytest.param(OSError(28, "No space left on device"), "磁盘或者文件无法读写", id="a full disk"),
        pytest.param(KeyError("x"), "程序出错", id="a defect"),
    ],
)
def test_the_family_says_who_must_act(error, name):
    assert fault_words(error).name == name


@pytest.mark.parametrize("words", FAULTS.values(), ids=FAULTS)
def test_the_words_are_chinese_and_say_what_to_do(words):
    assert re.sub(r"（Logs）", "", words.name + words.advice).isascii() is False
    assert not re.search(r"[A-Za-z]{2,}", re.sub(r"Logs", "", words.name + words.advice))
    assert words.advice.endswith("。")


def test_every_name_is_that_of_an_error():
    classes = {
        node.name
        for path in (PROJECT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }

    assert FAULTS.keys() <= classes | {"OSError", "Exception"}
