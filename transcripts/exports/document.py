"""A document for word processors (ECMA-376, Office Open XML), written with the standard library."""

import io
import zipfile

from ..reading import clock
from .told import Told, xml

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PARTS = "application/vnd.openxmlformats-package"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WRITTEN = (1980, 1, 1, 0, 0, 0)  # the time of each part: the same record makes the same file

TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
    f'"{PARTS}.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{TYPE}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    f'<Override PartName="/word/footer1.xml" ContentType="{TYPE}.footer+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{PARTS}.core-properties+xml"/>'
    "</Types>"
)
RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="rId2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
OF_DOCUMENT = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/footer" Target="footer1.xml"/></Relationships>'
)


def _style(name: str, title: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{title}"/>'
        f'<w:basedOn w:val="Normal"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def _styles(language: str) -> str:
    east = {"ko": "ko-KR", "zh": "zh-CN"}.get(language, "ko-KR")
    return (
        f'{HEAD}<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Georgia" w:hAnsi="Georgia" w:eastAsia="Noto Serif CJK KR" w:cs="Georgia"/>'
        '<w:sz w:val="22"/>'
        f'<w:lang w:val="en-GB" w:eastAsia="{east}"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:after="120" w:line="300" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/>'
        '<w:pPr><w:spacing w:after="120"/></w:pPr><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style>'
        + _style("Standing", "Standing", '<w:spacing w:after="360"/>', "<w:b/>")
        + _style("Speaker", "Speaker", '<w:keepNext/><w:spacing w:before="240" w:after="40"/>', "<w:b/>")
        + _style("Speech", "Speech", "", "")
        + "</w:styles>"
    )


def _paragraph(style: str, *runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{"".join(runs)}</w:p>'


def _run(text: str, look: str = "", language: str = "") -> str:
    tongue = f'<w:lang w:val="{language}" w:eastAsia="{language}"/>' if language else ""
    properties = f"<w:rPr>{look}{tongue}</w:rPr>" if look or tongue else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{xml(text)}</w:t></w:r>'


def _document(told: Told) -> str:
    parts = [_paragraph("Normal", _run(told.court)), _paragraph("Title", _run(told.title))]
    parts += [_paragraph("Normal", _run(told.when)), _paragraph("Standing", _run(told.standing))]
    parts += [_paragraph("Normal", _run(remark)) for remark in told.remarks]
    before = None
    for line in told.lines:
        person = told.who(line)
        if person != before:
            role = f", {person.role_name}" if person.role_name else ""
            time = _run(f"  {clock(line.start, hours=True)}", '<w:color w:val="4A5866"/><w:sz w:val="18"/>')
            parts.append(_paragraph("Speaker", _run(person.name + role), time))
        before = person
        language = {"en": "en-GB", "ko": "ko-KR", "zh": "zh-CN"}.get(line.language, "")
        parts.append(_paragraph("Speech", _run(" ".join(line.text.split()), language=language)))
    section = (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" '
        'w:header="708" w:footer="708" w:gutter="0"/>'
        "</w:sectPr>"
    )
    body = "".join(parts) + section
    return f'{HEAD}<w:document xmlns:w="{MAIN}" xmlns:r="{OFFICE}"><w:body>{body}</w:body></w:document>'


def _footer(told: Told) -> str:
    said = f"{told.transcript.case.label} · {told.standing} · "
    page = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    page += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return f'{HEAD}<w:ftr xmlns:w="{MAIN}" xmlns:r="{OFFICE}"><w:p>{_run(said)}{page}</w:p></w:ftr>'


def _properties(told: Told) -> str:
    moment = (told.version.made_at if told.version else told.began).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{xml(told.title)}</dc:title>'
        f"<dc:creator>{xml(told.court)}</dc:creator><dc:language>{xml(told.language)}</dc:language>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created></cp:coreProperties>'
    )


def write(told: Told) -> bytes:
    """The document."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/_rels/document.xml.rels": OF_DOCUMENT,
        "word/document.xml": _document(told),
        "word/styles.xml": _styles(told.language),
        "word/footer1.xml": _footer(told),
        "docProps/core.xml": _properties(told),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, WRITTEN), part, compress_type=zipfile.ZIP_DEFLATED)
    return made.getvalue()
