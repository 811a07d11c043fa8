"""The disputes of the demo court: who claims what of whom, and how far each has come."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """One dispute. ``facts`` are (days ago, what happened); ``stage`` is how far it goes."""

    claimant: str
    respondent: str
    summary: str
    remedy: str
    amount: int | None  # minor units
    facts: tuple[tuple[int, str], ...]
    stage: str
    defence: str = ""
    reasons: str = ""


STORIES = (
    Story(
        "claimant",
        "respondent",
        "A parcel of ceramics arrived broken",
        "Refund the price of the ceramics and the cost of sending them back.",
        48_000,
        (
            (268, "I bought twelve ceramic bowls on the respondent's web shop for £420."),
            (264, "The parcel arrived opened, and nine bowls were broken."),
            (262, "I sent photographs and asked for my money back. I had no answer."),
        ),
        "heard",
        "The parcel was packed with care. It was damaged by the carrier, not by me.",
    ),
    Story(
        "eva",
        "omar",
        "A deposit was not returned after the tenancy ended",
        "Pay back the deposit of £1,150.",
        115_000,
        ((120, "I moved out and gave the keys back."), (90, "The landlord wrote that he keeps the deposit.")),
        "decided",
        "The carpet was stained and had to be replaced.",
    ),
    Story(
        "minji",
        "omar",
        "중고 노트북이 이틀 만에 고장 났습니다",
        "노트북 대금 850파운드를 돌려받기를 원합니다.",
        85_000,
        ((60, "온라인 장터에서 노트북을 850파운드에 샀습니다."), (58, "노트북이 켜지지 않았습니다.")),
        "listed",
        "노트북은 보낼 때 정상이었습니다.",
    ),
    Story(
        "chenfang",
        "respondent",
        "装修合同没有按时完成",
        "退还已付的装修款三千英镑。",
        300_000,
        ((150, "我们签订了装修合同，约定六周内完工。"), (70, "施工队离开后再没有回来。")),
        "answered",
        "材料涨价，合同需要重新商量。",
    ),
    Story(
        "claimant",
        "omar",
        "A bicycle that broke on its first ride",
        "Pay back the price of the bicycle.",
        125_050,
        ((40, "I paid £1,250.50 for the bicycle."), (38, "The frame broke on the first ride.")),
        "served",
    ),
    Story(
        "eva",
        "respondent",
        "An online course was never delivered",
        "Refund the course fee.",
        29_900,
        ((80, "I paid for a ten-week course."), (30, "No lesson has been published.")),
        "answered",
        "The teacher fell ill. The course will begin in spring.",
    ),
    Story(
        "claimant",
        "eva",
        "A hedge was cut down without asking",
        "Plant a new hedge, or pay £640 for one.",
        64_000,
        ((25, "I found my hedge cut down to the ground."),),
        "issued",
    ),
    Story(
        "omar",
        "respondent",
        "A shop keeps a faulty washing machine and the money",
        "Repair the machine or refund £389.",
        38_900,
        ((45, "The machine stopped in its second week."), (40, "The shop collected it and has kept it since.")),
        "submitted",
    ),
    Story(
        "eva",
        "claimant",
        "A photograph was used without permission",
        "Take the photograph down and pay a licence fee of £200.",
        20_000,
        ((15, "I saw my photograph on the respondent's page."),),
        "submitted",
    ),
    Story(
        "minji",
        "respondent",
        "예약한 숙소가 광고와 달랐습니다",
        "숙박비 절반을 돌려주기 바랍니다.",
        31_000,
        ((20, "도착하니 광고에 있던 부엌이 없었습니다."),),
        "submitted",
    ),
    Story(
        "omar",
        "eva",
        "Money lent to a friend",
        "Pay back £900.",
        90_000,
        ((300, "I lent the respondent £900."),),
        "returned",
        reasons="Please say when the loan was to be paid back, and upload the agreement if there is one.",
    ),
    Story(
        "claimant",
        "respondent",
        "A quarrel about a review",
        "Delete the review.",
        None,
        ((10, "The respondent wrote a bad review of my shop."),),
        "refused",
        reasons="The claim does not say which statement is untrue. An opinion alone is not a claim.",
    ),
    Story(
        "chenfang",
        "omar",
        "网购的茶叶与描述不符",
        "退款一百二十英镑。",
        12_000,
        ((12, "收到的茶叶不是商家描述的品种。"),),
        "served",
    ),
    Story(
        "eva",
        "omar",
        "A wedding band did not play",
        "Refund the fee of £1,800.",
        180_000,
        ((200, "The band did not come to the wedding."),),
        "settled",
        "Two players were ill. We offered another date.",
    ),
    Story(
        "omar",
        "claimant",
        "A garden fence built over the border",
        "Move the fence to the border.",
        None,
        ((100, "The new fence stands forty centimetres on my land."),),
        "listed",
        "The fence stands where the old one stood.",
    ),
    Story(
        "claimant",
        "respondent",
        "A concert was cancelled and not refunded",
        "Refund two tickets.",
        17_600,
        ((75, "The concert was cancelled on the day."),),
        "decided",
        "Refunds are still being processed.",
    ),
    Story("eva", "omar", "A sofa in the wrong colour", "Exchange the sofa.", None, ((9, "The sofa came."),), "issued"),
    Story(
        "minji",
        "eva",
        "과외비를 돌려받지 못했습니다",
        "남은 과외비 240파운드를 돌려받기를 원합니다.",
        24_000,
        ((50, "과외가 두 번 만에 끝났습니다."),),
        "answered",
        "학생이 먼저 그만두었습니다.",
    ),
    Story("claimant", "omar", "A lost suitcase", "Pay £350.", 35_000, ((5, "My suitcase was lost."),), "draft"),
    Story("chenfang", "eva", "宠物寄养纠纷", "退还寄养费。", 8_000, ((6, "寄养期间小狗走失了一天。"),), "draft"),
    Story(
        "respondent",
        "omar",
        "A website was never finished",
        "Refund half of the fee.",
        95_000,
        ((140, "I paid £1,900 for a web shop."), (60, "Half of the pages are empty.")),
        "served",
    ),
)

# The heard hearing, as it is spoken: who, and what.
SPOKEN = (
    ("judge", "Good morning. This is the hearing about the broken ceramics. Everything is recorded."),
    ("judge", "Please begin. What did you buy, and what arrived?"),
    ("claimant", "I bought twelve ceramic bowls in February. The parcel arrived on the third of March."),
    ("claimant", "It had been opened, and nine of the twelve bowls were broken."),
    ("judge", "How was the parcel packed?"),
    ("respondent", "Every bowl was wrapped in paper, and the box was marked as fragile."),
    ("respondent", "I believe that the carrier dropped the parcel on the way."),
    ("claimant", "The photographs show that there was no paper between the bowls."),
    ("judge", "Did you answer the message about the photographs?"),
    ("respondent", "No. I did not answer, because I was waiting for the carrier."),
    ("judge", "I have heard enough. You will have my decision in writing within fourteen days."),
)

RECEIPT = (
    "Dock Road Ceramics",
    "Invoice 2026-0217, 17 February 2026",
    "12 ceramic bowls, hand thrown, at £35.00 each: £420.00",
    "Paid by card. Sent by parcel, marked as fragile.",
)

# As a clerk might have written them: not word for word, with a wrong number and a sentence nobody said.
MINUTES = """Judge: Good morning. This is the hearing about the broken ceramics. What did you buy, and what arrived?
Kim Jiwoo: I bought twelve ceramic bowls in February. The parcel arrived on the thirteenth of March. It had been
opened, and nine of the 12 bowls were broken.
Judge: How was the parcel packed?
Li Wei: Every bowl was wrapped in paper, and the box was marked fragile. The carrier dropped the parcel on the way.
Kim Jiwoo: The photographs show that there was paper between the bowls.
Li Wei: I did not answer the message, because I was waiting for the carrier. I offered to pay for six bowls.
Judge: I have heard enough. You will have my decision in writing within fourteen days.
"""
