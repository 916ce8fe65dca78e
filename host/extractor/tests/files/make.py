"""Makes the files beside it, with the libraries that many programs make theirs with:
python-docx, openpyxl, python-pptx, odfpy, reportlab, xlwt. Run by hand; what it made is committed.
Every file says "zebra crossing" somewhere inside, and "walrus" in a place that is easily missed."""

import io, os, zipfile
from email.message import EmailMessage

os.chdir(os.path.dirname(os.path.abspath(__file__)))

import docx
d = docx.Document()
d.add_heading("Road safety", 0)
d.add_paragraph("Stop at the zebra crossing.")
t = d.add_table(rows=2, cols=2)
for i, w in enumerate(["street", "rule", "Main & High", "slow"]):
    t.cell(i // 2, i % 2).text = w
d.sections[0].footer.paragraphs[0].text = "footer walrus"
d.save("word.docx")

import openpyxl
w = openpyxl.Workbook()
s = w.active
s.title = "Streets"
s.append(["street", "cars", "note"])
s.append(["Main", 4711, "zebra crossing"])
s = w.create_sheet("Walrus tab")
s["XFD1048576"] = "far away"
w.save("sheet.xlsx")

import pptx
p = pptx.Presentation()
for i in range(11):
    slide = p.slides.add_slide(p.slide_layouts[1])
    slide.shapes.title.text = f"Slide {i + 1}"
    slide.placeholders[1].text = "zebra crossing" if i == 9 else "text"
slide.notes_slide.notes_text_frame.text = "speaker walrus"
p.save("slides.pptx")

from odf.opendocument import OpenDocumentText, OpenDocumentSpreadsheet, OpenDocumentPresentation
from odf import text, table, draw, style
o = OpenDocumentText()
o.text.addElement(text.H(outlinelevel=1, text="Road safety"))
para = text.P(text="Stop at the zebra")
para.addElement(text.S(c=1)); para.addText("crossing"); para.addElement(text.LineBreak()); para.addText("walrus")
o.text.addElement(para)
o.save("text.odt")
o = OpenDocumentSpreadsheet()
tb = table.Table(name="Walrus tab")
for row in [["zebra crossing", "4711"], ["b", "c"]]:
    tr = table.TableRow(); tb.addElement(tr)
    for c in row:
        tc = table.TableCell(valuetype="string"); tc.addElement(text.P(text=c)); tr.addElement(tc)
o.spreadsheet.addElement(tb)
o.save("sheet.ods")
o = OpenDocumentPresentation()
pl = style.PageLayout(name="L"); o.automaticstyles.addElement(pl)
m = style.MasterPage(name="M", pagelayoutname=pl); o.masterstyles.addElement(m)
pg = draw.Page(masterpagename=m, name="walrus page"); o.presentation.addElement(pg)
fr = draw.Frame(width="10cm", height="2cm"); pg.addElement(fr)
tx = draw.TextBox(); fr.addElement(tx); tx.addElement(text.P(text="zebra crossing"))
o.save("slides.odp")

from reportlab.pdfgen import canvas
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.platypus import SimpleDocTemplate, Paragraph, Spacer
from reportlab.lib.styles import getSampleStyleSheet
st = getSampleStyleSheet()
SimpleDocTemplate("helvetica.pdf", invariant=1).build([
    Paragraph("Road safety", st["Title"]),
    Paragraph("Everybody stops at the <b>zebra crossing</b>, even in a hurry: caf\u00e9, na\u00efve, \u20ac 5. " * 6, st["Justify"] if "Justify" in st else st["Normal"]),
    Paragraph("walrus", st["Normal"])])
import reportlab
pdfmetrics.registerFont(TTFont("Vera", os.path.join(os.path.dirname(reportlab.__file__), "fonts", "Vera.ttf")))
c = canvas.Canvas("truetype.pdf", pageCompression=1, invariant=1)
c.setFont("Vera", 12); c.drawString(72, 720, "A zebra crossing in Vera: \u00fcbermut, \u0141\u00f3dka")
c.saveState(); c.translate(300, 300); c.rotate(90); c.drawString(0, 0, "walrus upright"); c.restoreState()
c.save()
def locked(name, user):
    c = canvas.Canvas(name, encrypt=StandardEncryption(user, "owner", strength=128), invariant=1)
    c.drawString(72, 720, "A zebra crossing behind a lock"); c.save()
locked("owner-password.pdf", "")
locked("user-password.pdf", "secret")
from PIL import Image
im = Image.new("L", (8, 8), 128)
c = canvas.Canvas("scanned.pdf", invariant=1); c.drawInlineImage(im, 0, 0, 500, 700); c.save()

import xlwt
b = xlwt.Workbook()
s = b.add_sheet("Walrus tab")
for i in range(700):
    s.write(i, 0, f"line {i} " + "x" * (i % 40))
s.write(700, 0, "zebra crossing \u0141\u00f3dka")
b.save("book.xls")

m = EmailMessage()
m["From"] = "Ana <ana@acme.example>"; m["To"] = "Ben <ben@acme.example>"; m["Subject"] = "The z\u00e9bra crossing"
m["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
m.set_content("Dear Ben,\nstop at the zebra crossing.\n")
m.add_alternative("<p>Dear Ben, in <b>HTML</b></p>", subtype="html")
m.add_attachment(open("word.docx", "rb").read(), maintype="application",
    subtype="vnd.openxmlformats-officedocument.wordprocessingml.document", filename="word.docx")
inner = EmailMessage(); inner["Subject"] = "Forwarded"; inner.set_content("inner walrus")
m.add_attachment(inner)
m.set_boundary("=====boundary=====")
open("mail.eml", "wb").write(bytes(m))
