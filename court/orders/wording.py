"""The texts an order starts from, in each language. Data: the judge changes what does not fit the case.

A lay draft, to be reviewed by a lawyer of the jurisdiction in this one place. ``{claimant}``, ``{respondent}``,
``{case}``, ``{claim}`` and ``{amount}`` are filled in from the case; a sentence with an amount stands only where money
is claimed. Blanks mark what the judge must still say; an order that has one cannot be signed.
"""

from dataclasses import dataclass

from django.utils import translation

from court.cases.models import Case, Role
from court.filings.models import Claim
from court.wording import write_money

from .models import OrderKind

GAP = "____"  # stands where the judge must still write


@dataclass(frozen=True)
class Wording:
    """The starting text of one kind of order in one language. Each paragraph is numbered when the order is shown."""

    title: str
    background: str
    findings: str
    ordered: str


TEXTS: dict[str, dict[str, Wording]] = {
    "en": {
        OrderKind.DIRECTIONS: Wording(
            "Directions",
            "This is a claim by {claimant} against {respondent}.\n\nThe claimant says: {claim}",
            "",
            "By 4 pm on ____, each party must send the court and the other party the documents they rely on."
            "\n\nThe hearing will be held by video. The court will give notice of the date."
            "\n\nA party who cannot keep a date in this order must ask for more time before it has passed.",
        ),
        OrderKind.JUDGMENT: Wording(
            "Judgment",
            "{claimant} claims against {respondent}.\n\nThe claim is: {claim}[[\n\nThe amount claimed is {amount}.]]",
            "The court has read what both parties filed and heard them on ____.\n\nThe court finds that ____",
            "[[{respondent} must pay {claimant} the sum of {amount} within 14 days of this judgment.]]"
            "[[!{respondent} must ____]]"
            "\n\nThere is no order for costs."
            "\n\nA party who disagrees with this judgment may ask for permission to appeal within 21 days.",
        ),
        OrderKind.DISMISSAL: Wording(
            "Dismissal of the claim",
            "{claimant} claims against {respondent}.\n\nThe claim is: {claim}[[\n\nThe amount claimed is {amount}.]]",
            "The court has read what both parties filed.\n\nThe claim does not succeed because ____",
            "The claim is dismissed.\n\nThere is no order for costs."
            "\n\nA party who disagrees with this decision may ask for permission to appeal within 21 days.",
        ),
        OrderKind.CONSENT: Wording(
            "Consent order",
            "{claimant} and {respondent} have agreed how to end case {case}."
            "\n\nThe court has seen the agreement, and both parties ask for an order in its terms.",
            "",
            "[[{respondent} must pay {claimant} the sum of ____ by ____.]][[!{respondent} must ____]]"
            "\n\nOnce this has been done, the claim is settled in full, and neither party owes the other anything "
            "more because of it.\n\nThere is no order for costs.",
        ),
    },
    "ko": {
        OrderKind.DIRECTIONS: Wording(
            "절차 진행 명령",
            "이 사건은 원고 {claimant}이(가) 피고 {respondent}을(를) 상대로 제기한 것이다."
            "\n\n원고의 주장은 다음과 같다. {claim}",
            "",
            "당사자들은 ____까지 각자 주장의 근거가 되는 문서를 법원과 상대방에게 제출한다."
            "\n\n변론은 영상으로 진행한다. 기일은 법원이 따로 통지한다."
            "\n\n이 명령의 기한을 지킬 수 없는 당사자는 기한이 지나기 전에 연장을 신청하여야 한다.",
        ),
        OrderKind.JUDGMENT: Wording(
            "판결",
            "원고 {claimant}은(는) 피고 {respondent}을(를) 상대로 소를 제기하였다."
            "\n\n청구의 요지는 다음과 같다. {claim}[[\n\n청구 금액은 {amount}이다.]]",
            "법원은 당사자들이 제출한 서면을 검토하고 ____ 변론을 들었다.\n\n법원은 다음과 같이 판단한다. ____",
            "[[피고 {respondent}은(는) 원고 {claimant}에게 이 판결일부터 14일 이내에 {amount}을 지급하라.]]"
            "[[!피고 {respondent}은(는) ____]]"
            "\n\n소송비용은 각자 부담한다."
            "\n\n이 판결에 불복하는 당사자는 21일 이내에 항소 허가를 신청할 수 있다.",
        ),
        OrderKind.DISMISSAL: Wording(
            "청구 기각 결정",
            "원고 {claimant}은(는) 피고 {respondent}을(를) 상대로 소를 제기하였다."
            "\n\n청구의 요지는 다음과 같다. {claim}[[\n\n청구 금액은 {amount}이다.]]",
            "법원은 당사자들이 제출한 서면을 검토하였다.\n\n다음과 같은 이유로 청구는 이유 없다. ____",
            "원고의 청구를 기각한다.\n\n소송비용은 각자 부담한다."
            "\n\n이 결정에 불복하는 당사자는 21일 이내에 항소 허가를 신청할 수 있다.",
        ),
        OrderKind.CONSENT: Wording(
            "화해 결정",
            "원고 {claimant}과(와) 피고 {respondent}은(는) 사건 {case}을 끝내기로 합의하였다."
            "\n\n법원은 합의 내용을 확인하였고, 당사자들은 그 내용대로의 결정을 구한다.",
            "",
            "[[피고 {respondent}은(는) 원고 {claimant}에게 ____까지 ____을 지급한다.]]"
            "[[!피고 {respondent}은(는) ____]]"
            "\n\n위 이행이 끝나면 이 사건 청구는 모두 해결된 것으로 하고, 당사자들은 서로 더 이상 청구하지 아니한다."
            "\n\n소송비용은 각자 부담한다.",
        ),
    },
    "zh-hans": {
        OrderKind.DIRECTIONS: Wording(
            "程序指令",
            "本案系原告{claimant}诉被告{respondent}一案。\n\n原告称：{claim}",
            "",
            "双方当事人应于____之前向法院及对方提交各自依据的文件。"
            "\n\n庭审以视频方式进行，日期由法院另行通知。"
            "\n\n当事人不能遵守本指令期限的，应在期限届满前申请延期。",
        ),
        OrderKind.JUDGMENT: Wording(
            "判决书",
            "原告{claimant}对被告{respondent}提起诉讼。\n\n诉讼请求：{claim}[[\n\n请求金额为{amount}。]]",
            "本院审阅了双方提交的材料，并于____听取了双方意见。\n\n本院认为：____",
            "[[被告{respondent}应于本判决作出之日起十四日内向原告{claimant}支付{amount}。]]"
            "[[!被告{respondent}应____]]"
            "\n\n诉讼费用由双方各自承担。"
            "\n\n当事人不服本判决的，可以在二十一日内申请上诉许可。",
        ),
        OrderKind.DISMISSAL: Wording(
            "驳回诉讼请求决定书",
            "原告{claimant}对被告{respondent}提起诉讼。\n\n诉讼请求：{claim}[[\n\n请求金额为{amount}。]]",
            "本院审阅了双方提交的材料。\n\n原告的请求不能成立，理由如下：____",
            "驳回原告的诉讼请求。\n\n诉讼费用由双方各自承担。\n\n当事人不服本决定的，可以在二十一日内申请上诉许可。",
        ),
        OrderKind.CONSENT: Wording(
            "调解书",
            "原告{claimant}与被告{respondent}已就{case}号案件达成协议。"
            "\n\n本院已审阅该协议，双方请求按其内容出具调解书。",
            "",
            "[[被告{respondent}应于____之前向原告{claimant}支付____。]][[!被告{respondent}应____]]"
            "\n\n上述内容履行完毕后，本案纠纷全部解决，双方互不再主张其他权利。"
            "\n\n诉讼费用由双方各自承担。",
        ),
    },
}


def _alternatives(text: str, with_amount: bool) -> str:
    """Keep ``[[…]]`` where money is claimed and ``[[!…]]`` where none is."""
    kept: list[str] = []
    for number, part in enumerate(text.split("[[")):
        inside, closed, after = part.partition("]]") if number else ("", "", part)
        if closed:
            wanted = inside.startswith("!") != with_amount
            kept.append(inside.removeprefix("!") if wanted else "")
        kept.append(after)
    return "".join(kept).strip()


def names_of(case: Case, role: str) -> str:
    """The names of one side, joined as the active language joins a list."""
    names = [party.name for party in case.parties.all() if party.role == role]
    separator = "、" if (translation.get_language() or "").startswith("zh") else ", "
    return separator.join(names)


def starting_text(case: Case, kind: str, language: str) -> Wording:
    """The text a new order starts from, in the order's own language, filled in from the case."""
    claim = Claim.objects.filter(case=case).first()
    with translation.override(language):
        money = claim is not None and claim.amount is not None
        known = {
            "case": case.label,
            "claimant": names_of(case, Role.CLAIMANT) or GAP,
            "respondent": names_of(case, Role.RESPONDENT) or GAP,
            "claim": claim.summary if claim and claim.summary else GAP,
            "amount": write_money(claim.amount or 0, claim.currency) if claim and money else "",
        }
    text = TEXTS[language][kind]

    def fill(given: str) -> str:
        chosen = _alternatives(given, money)
        for name, value in known.items():  # not str.format: a party's own words may hold braces
            chosen = chosen.replace("{" + name + "}", value)
        return chosen

    return Wording(text.title, fill(text.background), fill(text.findings), fill(text.ordered))
