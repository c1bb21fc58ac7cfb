"""The corpus of trust row 39, first half: files that people send, all made here from bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.kernel.attachments.tests import makers
from crm.kernel.attachments.tests.makers import attached, field, package, pdf, relations, words, zipped

TEXT = "资金用途：日处理 5 万吨污水\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h9"/></svg>'
XML = b'<?xml version="1.0" encoding="UTF-8"?><EInvoice><Total>100.00</Total></EInvoice>'
CHART = package("xlsx")
SHEET = b'<worksheet><sheetData><row r="1"><c r="A1"><f>A2+A3</f><v>1</v></c></row></sheetData></worksheet>'
PLAIN = "text/plain; charset="
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Good:
    """A file that is taken: its name as sent, the name it is kept under, and its type."""

    name: str
    make: Callable[[], bytes]
    type: str
    kept: str = ""


def main_part(body: bytes, more: dict[str, bytes] | None = None) -> bytes:
    """A Word document with this main part."""
    return package(extra={"word/document.xml": body} | (more or {}))


def related(*rows: tuple[str, str, str], kind: str = "docx", part: str = "word/document.xml") -> bytes:
    """A document one of whose parts has these relationships."""
    return package(kind, extra=relations(*rows, part=part))


PDF, DOCX = "application/pdf", OFFICE + "wordprocessingml.document"
XLSX, PPTX = OFFICE + "spreadsheetml.sheet", OFFICE + "presentationml.presentation"

GOOD = (
    Good("可研报告.pdf", pdf, PDF),
    Good("report.v2.PDF", pdf, PDF),
    Good("2026.11.20 会议纪要.pdf", pdf, PDF),
    Good("报告.docx.pdf", pdf, PDF),
    Good("发票.xml.pdf", pdf, PDF),
    Good("报告．pdf", pdf, PDF, "报告.pdf"),
    Good("报告。pdf", pdf, PDF, "报告.pdf"),
    Good("第1．2节.pdf", pdf, PDF),
    Good("标记.pdf", lambda: b"\xef\xbb\xbf" + pdf(), PDF),
    Good("尾零.pdf", lambda: pdf() + b"\0" * 5000, PDF),
    Good("文中脚本.pdf", lambda: pdf(text=b"BT (/JavaScript /Launch /OpenAction) Tj ET"), PDF),
    Good("文中加密.pdf", lambda: pdf(text=b"BT (trailer /Encrypt 5 0 R) Tj ET"), PDF),
    Good("标题脚本.pdf", lambda: pdf(b"<</Title(/JavaScript /JS /AA)>>", b"<</Subject(/Encrypt /EmbeddedFile)>>"), PDF),
    Good("压缩对象.pdf", lambda: makers.compressed(pdf(b"<</JSON 1/AAPL 2/Launches 3>>", catalog=b"/X 5 0 R")), PDF),
    Good("限制修改.pdf", lambda: makers.locked("", "owner"), PDF),
    Good("打开到页.pdf", lambda: pdf(catalog=b"/OpenAction[3 0 R/Fit]"), PDF),
    Good("打开动作.pdf", lambda: pdf(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"), PDF),
    Good(
        "有链接.pdf",
        lambda: pdf(b"<</Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://www.gov.cn)>>>>", page=b"/Annots[5 0 R]"),
        PDF,
    ),
    Good("数电发票.pdf", lambda: attached("发票.xml", XML), PDF),
    Good("附数据.pdf", lambda: attached("data.csv", "金额\n1\n".encode()), PDF),
    Good("附图.pdf", lambda: attached("印章.png", makers.png()), PDF),
    Good("会议纪要.docx", package, DOCX),
    Good("尾零.docx", lambda: package() + b"\0" * 100, DOCX),
    Good("链接.docx", lambda: related(("hyperlink", "https://www.gov.cn/a", "External")), DOCX),
    Good("邮件链接.docx", lambda: related(("hyperlink", "mailto:a@example.com", "External")), DOCX),
    Good("目录.docx", lambda: main_part(field("TOC \\o &quot;1-3&quot;")), DOCX),
    Good("文中字样.docx", lambda: main_part(words("<w:t>DDEAUTO cmd.exe 与 altChunk</w:t>")), DOCX),
    Good(
        "矢量图.docx",
        lambda: package(extra={"word/media/image1.svg": SVG.encode()} | relations(("image", "a", ""))),
        DOCX,
    ),
    Good("测算.xlsx", lambda: package("xlsx", extra={"xl/worksheets/sheet1.xml": SHEET}), XLSX),
    Good("打印设置.xlsx", lambda: package("xlsx", extra={"xl/printerSettings/printerSettings1.bin": b"\1\2\3"}), XLSX),
    Good(
        "批注.xlsx", lambda: package("xlsx", extra={"xl/drawings/vmlDrawing1.vml": b"<xml><v:shape>a<br>b</xml>"}), XLSX
    ),
    Good("汇报.pptx", lambda: package("pptx", extra={"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": CHART}), PPTX),
    Good(
        "发票.ofd",
        lambda: zipped({"OFD.xml": b"<ofd:OFD xmlns:ofd='x'/>", "Doc_0/Document.xml": b"<d/>"}),
        "application/ofd",
    ),
    Good("图.png", makers.png, "image/png"),
    Good("多块.png", lambda: makers.png(chunks=9_997), "image/png"),
    Good("尾零.png", lambda: makers.png(after=b"\0" * 64), "image/png"),
    Good("截图.jpg", makers.png, "image/png"),
    Good("截图.png", makers.jpeg, "image/jpeg"),
    Good("照片.jpg", makers.jpeg, "image/jpeg"),
    Good("照片.jpeg", lambda: makers.jpeg(after=b"\0" * 20), "image/jpeg"),
    Good("填充.jpg", lambda: makers.jpeg(fill=64), "image/jpeg"),
    Good("说明.txt", TEXT.encode, PLAIN + "utf-8"),
    Good("标记.txt", lambda: b"\xef\xbb\xbf" + TEXT.encode(), PLAIN + "utf-8"),
    Good("国标.txt", lambda: TEXT.encode("gb18030"), PLAIN + "gb18030"),
    Good("宽字符.txt", lambda: TEXT.encode("utf-16"), PLAIN + "utf-16"),
    Good("大端.txt", lambda: b"\xfe\xff" + TEXT.encode("utf-16-be"), PLAIN + "utf-16"),
    Good("尾零.txt", lambda: TEXT.encode() + b"\0\0", PLAIN + "utf-8"),
    Good("旧系统.csv", lambda: "客户,金额\n甲,-1\n".encode("gb18030"), "text/csv; charset=gb18030"),
    Good("公式.csv", lambda: b"a,b\n=A1+B2,+86 13900000000\n|x,-1", "text/csv; charset=utf-8"),
)
