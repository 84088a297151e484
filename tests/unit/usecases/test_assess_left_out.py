"""A mail that was too large to be fetched is a delivery like others, and its sender is told what to do."""

from phaseout.adapters.intake.left_out import left_on_the_server
from phaseout.domain.letter import LetterKind
from phaseout.domain.submission import Outcome
from tests.unit.usecases.office import at, mail_of
from tests.unit.usecases.papers import SUZHOU


def test_a_mail_that_is_too_large_is_refused_and_answered(office):
    head, _, _ = mail_of("gxj@suzhou.example", ("表2.xlsx", b"x"), subject="报送表2").partition(b"\r\n\r\n")
    notice = left_on_the_server(head + b"\r\n\r\n", size=99_000_000)
    office.mailbox.put(notice, ref="uid-1", arrived_at=at("2022-08-08 10:00"))

    office.collect("2022-08-08 10:05")
    office.assess("2022-08-08 10:05")

    assert [outcome for outcome, _ in office.outcomes()] == [Outcome.REFUSED]
    (answer,) = office.answers()
    assert (answer.kind, answer.unit) == (LetterKind.RETURN, SUZHOU)
    assert "邮件过大，未能收取" in office.text(answer)
    assert "请只将报表文件作为附件重新报送" in office.text(answer)
