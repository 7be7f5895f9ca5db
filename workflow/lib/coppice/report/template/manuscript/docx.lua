-- What pandoc does not write by itself into a DOCX: our styles, tables whose columns are measured by our pages and whose rows
-- are never broken, and a table of contents that a reader sees before Word is asked to update it.
local SHORT, LONG, MARGIN = 11906, 16838, 1134 -- A4 and 20 mm, in twentieths of a point
local STYLES = { notice = 'Notice', absent = 'Absent', remark = 'Remark' } -- our classes, and the styles of reference/word/styles.xml
local UPRIGHT = ([[<w:p><w:pPr><w:sectPr><w:footerReference w:type="default" r:id="rIdFooter"/><w:pgSz w:w="%d" w:h="%d"/>
<w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:pPr></w:p>]]):format(
  SHORT, LONG, MARGIN, MARGIN, MARGIN, MARGIN) -- ends the section before the turned pages, which have the page of the reference document
local LARGEST = 0.8 -- of a picture's own size: narrow ones have type about as large as that of wide ones, which fill the page
local TALLEST = 215 / 25.4 -- inches of a picture, so that its caption stands on the same page
local IN_CONTENTS = 2 -- levels of headings
local room = SHORT - 2 * MARGIN -- between the margins of the page

local function raw(text)
  return pandoc.RawBlock('openxml', text)
end

local function escaped(text)
  return (text:gsub('[&<>"]', { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }))
end

local function styled(blocks, style)
  local paragraphs = pandoc.Blocks(blocks):walk { Plain = function(text) return pandoc.Para(text.content) end }
  return pandoc.Div(paragraphs, { ['custom-style'] = style })
end

local function with_style(element)
  for _, class in ipairs(element.classes) do
    if STYLES[class] then element.attributes['custom-style'] = STYLES[class] end
  end
  return element
end

local function Div(element)
  if element.classes:includes('turned') then
    room = LONG - 2 * MARGIN -- for its tables, which come now
    element.content:insert(1, raw(UPRIGHT))
  end
  return with_style(element)
end

local function Header(heading)
  heading.level = heading.level - 1 -- the title is no heading
  return heading
end

-- A line of its own begins after a break, unless nothing stands before it.
local function Inlines(inlines)
  local broken = pandoc.Inlines {}
  for _, inline in ipairs(inlines) do
    if #broken > 0 and inline.t == 'Span' and inline.classes:includes('line') then broken:insert(pandoc.LineBreak()) end
    broken:insert(inline)
  end
  return broken
end

local function Image(image)
  local there, _, file = pcall(pandoc.mediabag.fetch, image.src)
  if not there then return end -- pandoc writes the description in its place
  local size = pandoc.image.size(file)
  local width, height = size.width / size.dpi_horz, size.height / size.dpi_vert
  local ratio = math.min(LARGEST, (SHORT - 2 * MARGIN) / 1440 / width, TALLEST / height)
  image.attributes.width = ('%.3fin'):format(ratio * width)
  return image
end

local function Figure(figure)
  local pictures = styled(figure.content, 'Picture')
  return pandoc.Div({ pictures, styled(figure.caption.long, 'Image Caption') }, { id = figure.identifier })
end

local function Table(element)
  local share, grid = 0, ''
  for _, column in ipairs(element.colspecs) do
    share = share + column[2]
    grid = grid .. ('<w:gridCol w:w="%d"/>'):format(math.floor(column[2] * room))
  end
  local blocks = pandoc.Blocks { styled(element.caption.long, 'Table Caption') }
  blocks:insert(raw(([[<w:tbl><w:tblPr><w:tblStyle w:val="Table"/><w:tblW w:type="pct" w:w="%d"/><w:tblLayout w:type="fixed"/>
<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="0" w:noVBand="0" w:val="0020"/>
<w:tblCaption w:val="%s"/></w:tblPr><w:tblGrid>%s</w:tblGrid>]]):format(
    math.floor(5000 * share + 0.5), escaped(pandoc.utils.stringify(element.caption.long)), grid)))
  local function write(rows, properties)
    for _, row in ipairs(rows) do
      blocks:insert(raw('<w:tr><w:trPr><w:cantSplit/>' .. properties .. '</w:trPr>'))
      for _, cell in ipairs(row.cells) do
        local content = #cell.contents > 0 and cell.contents or { pandoc.Para(' ') } -- a cell needs a paragraph
        blocks:insert(raw('<w:tc>'))
        blocks:insert(styled(content, cell.classes:includes('number') and 'Table Number' or 'Table Text'))
        blocks:insert(raw('</w:tc>'))
      end
      blocks:insert(raw('</w:tr>'))
    end
  end
  write(element.head.rows, '<w:tblHeader/>')
  for _, body in ipairs(element.bodies) do write(body.body, '') end
  blocks:insert(raw('</w:tbl>'))
  return pandoc.Div(blocks, { id = element.identifier })
end

-- The contents as Word would write them, but for the page numbers, which it adds when asked.
local function contents(blocks)
  local lines = pandoc.List()
  blocks:walk { Header = function(heading)
    if heading.level > IN_CONTENTS then return end
    lines:insert(('<w:p><w:pPr><w:pStyle w:val="TOC%d"/></w:pPr>%s<w:hyperlink w:anchor="%s"><w:r><w:t xml:space="preserve">%s</w:t></w:r></w:hyperlink></w:p>'):format(
      heading.level,
      #lines > 0 and '' or [[<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \o "1-2" \h \z \u </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>]],
      escaped(heading.identifier),
      escaped(pandoc.utils.stringify(heading))))
  end }
  return raw([[<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/><w:docPartUnique/></w:docPartObj></w:sdtPr>
<w:sdtContent><w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>Contents</w:t></w:r></w:p>]]
    .. table.concat(lines)
    .. '<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:sdtContent></w:sdt>')
end

return {
  { traverse = 'topdown', Div = Div, Span = with_style, Header = Header, Inlines = Inlines, Figure = Figure, Table = Table },
  {
    Image = Image,
    Pandoc = function(document)
      document.blocks:insert(1, contents(document.blocks))
      return document
    end,
  },
}
