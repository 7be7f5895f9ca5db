-- What pandoc writes for typst: every text as text, nothing of it a command, and the rest in the functions of style.typ.
local FITS = 0.999 -- a table with a smaller share of the page is as wide as what stands in it
local SPANS = pandoc.List { 'absent', 'remark' } -- our classes that are functions of style.typ
local DIVS = pandoc.List { 'notice', 'footnote', 'lead' }

local function quoted(text)
  return '"' .. text:gsub('["\\]', '\\%0') .. '"'
end

local function raw(text)
  return pandoc.RawInline('typst', text)
end

local function block(text)
  return pandoc.RawBlock('typst', text)
end

local function escaped(text)
  return (text:gsub('%p', '\\%0')) -- of ASCII: all that means anything to typst begins with one of these
end

local function label(element)
  return element.identifier ~= '' and '#label(' .. quoted(element.identifier) .. ')' or ''
end

local function wrapped(start, inlines, stop)
  return pandoc.Inlines { raw(start) } .. inlines .. { raw(stop) }
end

local function text_of(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), 'typst', { wrap_text = 'none' }):gsub('%s+$', ''))
end

local function content(blocks)
  return '[' .. text_of(blocks) .. ']'
end

local function list(items)
  return '(' .. table.concat(items, ', ') .. (#items == 1 and ',)' or ')')
end

local function Span(span)
  local inlines = span.content
  for _, class in ipairs(SPANS) do
    if span.classes:includes(class) then inlines = wrapped('#' .. class .. '[', inlines, ']') end
  end
  if span.classes:includes('line') then inlines = wrapped('#line-of[', inlines, ']') end
  if span.identifier ~= '' then inlines:insert(raw('#anchor' .. label(span))) end
  return inlines
end

local function Link(link)
  local place = link.target:match('^#(.*)')
  return wrapped('#link(' .. (place and 'label(' .. quoted(place) .. ')' or quoted(link.target)) .. ')[', link.content, ']')
end

local function Header(heading)
  -- the title is no heading
  return pandoc.Plain(wrapped('#heading(level: ' .. heading.level - 1 .. ')[', heading.content, ']' .. label(heading)))
end

local function Div(div)
  local blocks = div.content
  if div.classes:includes('appendix') then blocks:insert(1, block('#set page(flipped: true)')) end
  for _, class in ipairs(DIVS) do
    if div.classes:includes(class) then blocks = pandoc.Blocks { block('#' .. class .. content(blocks)) } end
  end
  if div.identifier ~= '' then blocks:insert(1, block('#anchor' .. label(div))) end
  return blocks
end

local function DefinitionList(terms)
  local pairs_ = terms.content:map(function(item)
    local text = table.concat(pandoc.List(item[2]):map(text_of), '\n\n')
    return '(' .. content { pandoc.Plain(item[1]) } .. ', [' .. text .. '])'
  end)
  return block('#facts(' .. table.concat(pairs_, ', ') .. ')')
end

local function Table(element)
  local share = 0
  for _, column in ipairs(element.colspecs) do share = share + column[2] end
  local columns = share > FITS and list(element.colspecs:map(function(column) return ('%.4ffr'):format(column[2]) end))
    or #element.colspecs
  local head = element.head.rows[1].cells
  local align = head:map(function(cell) return cell.classes:includes('number') and 'right' or 'left' end)
  local function written(cells) return cells:map(function(cell) return content(cell.contents) end) end
  local rows = element.bodies[1].body:map(function(row) return '  ' .. table.concat(written(row.cells), ', ') .. ',\n' end)
  return block(('#tabular(%s, %s, %s, %s,\n%s)%s'):format(
    content(element.caption.long), columns, list(align), list(written(head)), table.concat(rows), label(element)))
end

local function Image(image)
  return raw('(alt: ' .. quoted(pandoc.utils.stringify(image.caption)) .. ', file: ' .. quoted(image.src) .. ')')
end

local function Figure(figure)
  local pictures = pandoc.List()
  figure.content:walk { RawInline = function(picture) pictures:insert(picture.text) end }
  return block('#drawn(' .. content(figure.caption.long) .. ', ' .. table.concat(pictures, ', ') .. ')' .. label(figure))
end

return {
  { Image = Image }, -- while its alternative is text
  {
    Str = function(text) return raw(escaped(text.text)) end,
    Code = function(code) return raw('#code[' .. escaped(code.text) .. ']') end,
    Span = Span,
    Link = Link,
    Header = Header,
    Div = Div,
    BulletList = function(items) return block('#list(' .. table.concat(items.content:map(content), ', ') .. ')') end,
    OrderedList = function(items) return block('#enum(' .. table.concat(items.content:map(content), ', ') .. ')') end,
    DefinitionList = DefinitionList,
    Table = Table,
    Figure = Figure,
  },
}
