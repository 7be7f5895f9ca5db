-- What pandoc writes for typst: every text as text, nothing of it a command, and the rest in the functions of style.typ.
local FITS = 0.999 -- a table with a smaller share of the page is as wide as what stands in it
local FUNCTIONS = { 'absent', 'remark', 'line' } -- our classes within a paragraph; the later encloses the earlier
local BLOCK_FUNCTIONS = { 'notice', 'footnote', 'lead' }

local function raw(text)
  return pandoc.RawInline('typst', text)
end

local function quoted(text)
  return '"' .. text:gsub('["\\]', '\\%0') .. '"'
end

local function escaped(text)
  return (text:gsub('%p', '\\%0')) -- of ASCII: all that means anything to typst begins with one of these
end

local function label(element)
  return element.identifier ~= '' and '#label(' .. quoted(element.identifier) .. ')' or ''
end

-- A list of inlines made of raw texts, inlines and lists of them.
local function joined(parts)
  local inlines = pandoc.List()
  for _, part in ipairs(parts) do
    if type(part) == 'string' then inlines:insert(raw(part)) else inlines:extend(part) end
  end
  return inlines
end

-- Blocks within brackets; all of them are paragraphs by now.
local function content(blocks)
  local parts = pandoc.List { '[' }
  for index, block in ipairs(blocks) do
    parts:extend { index > 1 and '\n\n' or '', block.content }
  end
  parts:insert(']')
  return joined(parts)
end

-- Several contents, separated by commas, between two texts.
local function contents(start, items, stop)
  local parts = pandoc.List { start }
  for index, item in ipairs(items) do
    parts:extend { index > 1 and ', ' or '', content(item) }
  end
  parts:insert(stop)
  return joined(parts)
end

local function array(items)
  return '(' .. table.concat(items, ', ') .. ',)'
end

local function Span(span)
  local inlines = span.content
  for _, name in ipairs(FUNCTIONS) do
    if span.classes:includes(name) then inlines = joined { '#' .. name .. '[', inlines, ']' } end
  end
  return joined { inlines, span.identifier ~= '' and '#anchor' .. label(span) or '' }
end

local function Link(link)
  local place = link.target:match('^#(.*)')
  return joined { '#link(' .. (place and 'label(' .. quoted(place) .. ')' or quoted(link.target)) .. ')[', link.content, ']' }
end

local function Header(heading)
  local level = heading.level - 1 -- the title is no heading
  return pandoc.Para(joined { '#heading(level: ' .. level .. ')[', heading.content, ']' .. label(heading) })
end

local function Div(div)
  local blocks = div.content
  if div.classes:includes('turned') then blocks:insert(1, pandoc.Para { raw('#set page(flipped: true)') }) end
  for _, name in ipairs(BLOCK_FUNCTIONS) do
    if div.classes:includes(name) then blocks = pandoc.Blocks { pandoc.Para(joined { '#' .. name, content(blocks) }) } end
  end
  if div.identifier ~= '' then blocks:insert(1, pandoc.Plain { raw('#anchor' .. label(div)) }) end
  return blocks
end

local function DefinitionList(list)
  local parts = pandoc.List { '#facts(' }
  for _, item in ipairs(list.content) do
    parts:extend { '([', item[1], '], ', content(pandoc.Blocks(item[2][1])), '), ' }
  end
  parts:insert(')')
  return pandoc.Para(joined(parts))
end

local function Table(element)
  local share, widths = 0, pandoc.List()
  for _, column in ipairs(element.colspecs) do
    share = share + column[2]
    widths:insert(('%.4ffr'):format(column[2]))
  end
  local function cells(row) return row.cells:map(function(cell) return cell.contents end) end
  local head = element.head.rows[1]
  local align = head.cells:map(function(cell) return cell.classes:includes('number') and 'right' or 'left' end)
  local parts = pandoc.List {
    '#tabular(',
    content(element.caption.long),
    (', %s, %s, '):format(share > FITS and array(widths) or #widths, array(align)),
    contents('(', cells(head), ',),\n'),
  }
  for _, row in ipairs(element.bodies[1].body) do parts:insert(contents('  ', cells(row), ',\n')) end
  parts:insert(')' .. label(element))
  return pandoc.Para(joined(parts))
end

local function Image(image)
  return raw('(alt: ' .. quoted(pandoc.utils.stringify(image.caption)) .. ', file: ' .. quoted(image.src) .. '), ')
end

local function Figure(figure)
  local pictures = figure.content:map(function(block) return block.content end)
  return pandoc.Para(joined { '#drawn(', content(figure.caption.long), ', ', joined(pictures), ')' .. label(figure) })
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
    BulletList = function(list) return pandoc.Para(contents('#list(', list.content, ')')) end,
    OrderedList = function(list) return pandoc.Para(contents('#enum(', list.content, ')')) end,
    DefinitionList = DefinitionList,
    Table = Table,
    Figure = Figure,
  },
}
