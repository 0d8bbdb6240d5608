#include "sanitizers/participant/markdown.h"

#include <md4c.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "sanitizers/racelab/terminal.h"

namespace racelab {
namespace {

constexpr int kFewestColumnsOfCell = 8;

// A run of text in one style.
struct Span {
  std::string text;
  Colour colour = Colour::kNone;
};

// A word without a blank in it, as one or more spans: "`Open`," has two.
using Word = std::vector<Span>;

int WidthOf(const Word& word) {
  return std::accumulate(word.begin(), word.end(), 0,
                         [](int sum, const Span& span) { return sum + Columns(span.text); });
}

std::vector<Word> Words(const std::vector<Span>& spans) {
  std::vector<Word> words(1);
  for (const Span& span : spans) {
    bool first = true;
    for (std::string_view part : absl::StrSplit(span.text, absl::ByAnyChar(" \n"))) {
      if (!first && !words.back().empty()) words.emplace_back();
      if (!part.empty()) words.back().push_back({std::string(part), span.colour});
      first = false;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// The spans broken into lines of at most `columns` columns.
std::vector<std::string> Lines(const std::vector<Span>& spans, int columns) {
  std::vector<std::string> lines;
  int column = 0;
  for (const Word& word : Words(spans)) {
    const int width = WidthOf(word);
    if (lines.empty() || column + 1 + width > columns) {
      lines.emplace_back();
      column = 0;
    } else {
      lines.back() += ' ';
      ++column;
    }
    for (const Span& span : word) lines.back() += Paint(span.colour, span.text);
    column += width;
  }
  return lines;
}

int ColumnsOfLongestWord(const std::vector<Span>& cell) {
  int most = 0;
  for (const Word& word : Words(cell)) most = std::max(most, WidthOf(word));
  return most;
}

int ColumnsOfAll(const std::vector<Span>& cell) {
  const std::vector<Word> words = Words(cell);
  int sum = std::max(0, static_cast<int>(words.size()) - 1);
  for (const Word& word : words) sum += WidthOf(word);
  return sum;
}

class Renderer {
 public:
  explicit Renderer(int columns) : columns_(columns) {}

  std::string Render(std::string_view markdown) {
    MD_PARSER parser = {};
    parser.flags = MD_FLAG_TABLES | MD_FLAG_PERMISSIVEURLAUTOLINKS;
    parser.enter_block = [](MD_BLOCKTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->EnterBlock(type, detail);
      return 0;
    };
    parser.leave_block = [](MD_BLOCKTYPE type, void*, void* self) {
      static_cast<Renderer*>(self)->LeaveBlock(type);
      return 0;
    };
    parser.enter_span = [](MD_SPANTYPE type, void* detail, void* self) {
      static_cast<Renderer*>(self)->EnterSpan(type, detail);
      return 0;
    };
    parser.leave_span = [](MD_SPANTYPE type, void*, void* self) {
      static_cast<Renderer*>(self)->LeaveSpan(type);
      return 0;
    };
    parser.text = [](MD_TEXTTYPE type, const MD_CHAR* text, MD_SIZE size, void* self) {
      static_cast<Renderer*>(self)->Text(type, {text, size});
      return 0;
    };
    md_parse(markdown.data(), static_cast<MD_SIZE>(markdown.size()), &parser, this);
    return std::move(out_);
  }

 private:
  struct List {
    bool ordered = false;
    unsigned number = 0;
    bool tight = false;
  };

  int Room() const { return std::max(kFewestColumnsOfCell, columns_ - static_cast<int>(indent_.size())); }

  // An empty line between two blocks.
  void Separate() {
    if (!out_.empty() && !at_item_) out_ += '\n';
  }

  // Writes a line of a block. The first line of a list item gets the item's mark.
  void Line(std::string_view line) {
    if (at_item_) {
      absl::StrAppend(&out_, indent_.substr(0, indent_.size() - item_.size()), item_, line, "\n");
      at_item_ = false;
    } else {
      absl::StrAppend(&out_, line.empty() ? "" : indent_, line, "\n");
    }
  }

  void Flush(Colour colour = Colour::kNone) {
    if (spans_.empty()) return;
    for (Span& span : spans_) {
      if (span.colour == Colour::kNone) span.colour = colour;
    }
    const bool tight = !lists_.empty() && lists_.back().tight;
    if (!tight || !in_item_text_) Separate();
    for (const std::string& line : Lines(spans_, Room())) Line(line);
    spans_.clear();
  }

  void EnterBlock(MD_BLOCKTYPE type, void* detail) {
    switch (type) {
      case MD_BLOCK_UL:
        Flush();
        lists_.push_back(
            {.ordered = false, .number = 0, .tight = static_cast<MD_BLOCK_UL_DETAIL*>(detail)->is_tight != 0});
        break;
      case MD_BLOCK_OL:
        Flush();
        lists_.push_back({.ordered = true,
                          .number = static_cast<MD_BLOCK_OL_DETAIL*>(detail)->start,
                          .tight = static_cast<MD_BLOCK_OL_DETAIL*>(detail)->is_tight != 0});
        break;
      case MD_BLOCK_LI: {
        List& list = lists_.back();
        item_ = list.ordered ? absl::StrCat(list.number++, ". ") : "- ";
        if (!list.tight || (is_first_item_ && lists_.size() == 1)) Separate();
        is_first_item_ = false;
        indent_ += std::string(item_.size(), ' ');
        at_item_ = in_item_text_ = true;
        break;
      }
      case MD_BLOCK_QUOTE:
        Separate();
        indent_ += "  ";
        break;
      case MD_BLOCK_CODE:
        in_code_ = true;
        code_.clear();
        break;
      case MD_BLOCK_TABLE:
        rows_.clear();
        break;
      case MD_BLOCK_TR:
        rows_.emplace_back();
        break;
      default:
        break;
    }
    if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) is_first_item_ = true;
  }

  void LeaveBlock(MD_BLOCKTYPE type) {
    switch (type) {
      case MD_BLOCK_P:
        Flush();
        in_item_text_ = false;
        break;
      case MD_BLOCK_H:
        Flush(Colour::kBold);
        break;
      case MD_BLOCK_UL:
      case MD_BLOCK_OL:
        lists_.pop_back();
        break;
      case MD_BLOCK_LI:
        Flush();
        if (at_item_) Line("");
        indent_.resize(indent_.size() - std::min(indent_.size(), ItemColumns()));
        at_item_ = in_item_text_ = false;
        break;
      case MD_BLOCK_QUOTE:
        indent_.resize(indent_.size() - 2);
        break;
      case MD_BLOCK_CODE:
        Code();
        break;
      case MD_BLOCK_HR:
        Separate();
        Line(Paint(Colour::kDim, std::string(static_cast<size_t>(Room()), '-')));
        break;
      case MD_BLOCK_TH:
      case MD_BLOCK_TD:
        for (Span& span : spans_) {
          if (type == MD_BLOCK_TH) span.colour = Colour::kBold;
        }
        rows_.back().push_back(std::exchange(spans_, {}));
        break;
      case MD_BLOCK_TABLE:
        Table();
        break;
      default:
        break;
    }
  }

  // The width of the ending item's mark: all marks of a list are about as wide as its last one.
  size_t ItemColumns() const {
    const List& list = lists_.back();
    return list.ordered ? absl::StrCat(list.number - 1, ". ").size() : 2;
  }

  void EnterSpan(MD_SPANTYPE type, void* detail) {
    if (type == MD_SPAN_STRONG) ++bold_;
    if (type == MD_SPAN_CODE) MarkCode(1);
    if (type == MD_SPAN_A) {
      const MD_ATTRIBUTE& link = static_cast<MD_SPAN_A_DETAIL*>(detail)->href;
      link_ = std::string(link.text, link.size);
      link_begins_ = spans_.size();
    }
  }

  // Without colours, code keeps its backquotes, which distinguish a command from the surrounding sentence.
  void MarkCode(int begun) {
    code_spans_ += begun;
    if (!IsColoured()) spans_.push_back({"`", Colour::kNone});
  }

  void LeaveSpan(MD_SPANTYPE type) {
    if (type == MD_SPAN_STRONG) --bold_;
    if (type == MD_SPAN_CODE) MarkCode(-1);
    // A link to a place outside the project is written out, unless it is its own text.
    const bool is_text = link_begins_ < spans_.size() && spans_[link_begins_].text == link_;
    if (type == MD_SPAN_A && link_.find("://") != std::string::npos && !is_text)
      spans_.push_back({absl::StrCat(" (", link_, ")"), Colour::kDim});
  }

  void Text(MD_TEXTTYPE type, std::string_view text) {
    if (in_code_) {
      code_ += text;
      return;
    }
    if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) text = " ";
    const Colour colour = bold_ > 0 ? Colour::kBold : code_spans_ > 0 ? Colour::kCode : Colour::kNone;
    spans_.push_back({std::string(text), colour});
  }

  void Code() {
    in_code_ = false;
    Separate();
    while (!code_.empty() && code_.back() == '\n') code_.pop_back();
    for (std::string_view line : absl::StrSplit(code_, '\n'))
      Line(line.empty() ? "" : absl::StrCat("  ", Paint(Colour::kCode, line)));
  }

  // The widths of the columns: the width of their text or, if there is not enough room, less.
  std::vector<int> Widths(size_t count) const {
    std::vector<int> widths(count, 0), fewest(count, kFewestColumnsOfCell);
    for (const auto& row : rows_) {
      for (size_t i = 0; i < row.size(); ++i) {
        widths[i] = std::max(widths[i], ColumnsOfAll(row[i]));
        fewest[i] = std::max(fewest[i], ColumnsOfLongestWord(row[i]));
      }
    }
    const int room = Room() - 2 * (static_cast<int>(count) - 1);
    while (std::accumulate(widths.begin(), widths.end(), 0) > room) {
      size_t widest = count;
      for (size_t i = 0; i < count; ++i) {
        if (widths[i] > fewest[i] && (widest == count || widths[i] > widths[widest])) widest = i;
      }
      if (widest == count) break;  // no cell can be narrowed further
      --widths[widest];
    }
    return widths;
  }

  void Table() {
    Separate();
    size_t count = 0;
    for (const auto& row : rows_) count = std::max(count, row.size());
    const std::vector<int> widths = Widths(count);
    const int all = std::accumulate(widths.begin(), widths.end(), 2 * (static_cast<int>(count) - 1));
    for (const auto& row : rows_) {
      if (all <= Room()) {
        Row(row, widths);
      } else if (&row != &rows_.front()) {
        Entry(row);
      }
    }
  }

  void Row(const std::vector<std::vector<Span>>& row, const std::vector<int>& widths) {
    std::vector<std::vector<std::string>> cells;
    size_t height = 1;
    for (size_t i = 0; i < row.size(); ++i) {
      cells.push_back(Lines(row[i], widths[i]));
      height = std::max(height, cells.back().size());
    }
    for (size_t line = 0; line < height; ++line) {
      std::string text;
      int wanted = 0, column = 0;
      for (size_t i = 0; i < cells.size(); ++i) {
        if (line < cells[i].size()) {
          absl::StrAppend(&text, std::string(static_cast<size_t>(wanted - column), ' '), cells[i][line]);
          column = wanted + VisibleColumns(cells[i][line]);
        }
        wanted = std::max(wanted + widths[i] + 2, column + 1);
      }
      Line(text);
    }
  }

  // A row of a table that is too wide for the terminal: its cells one below the other, with the names of their columns.
  void Entry(const std::vector<std::vector<Span>>& row) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (row[i].empty()) continue;
      std::vector<Span> spans = i == 0 || i >= rows_.front().size() ? std::vector<Span>() : rows_.front()[i];
      if (!spans.empty()) spans.push_back({": ", Colour::kNone});
      spans.insert(spans.end(), row[i].begin(), row[i].end());
      const std::string_view indent = i == 0 ? "" : "    ";
      for (const std::string& line : Lines(spans, Room() - static_cast<int>(indent.size())))
        Line(absl::StrCat(indent, line));
    }
  }

  const int columns_;
  std::string out_;
  std::string indent_;
  std::vector<Span> spans_;  // the spans of the current paragraph, heading or cell
  std::vector<List> lists_;
  std::string item_;  // the mark of the current item
  bool at_item_ = false, in_item_text_ = false, is_first_item_ = false;
  bool in_code_ = false;
  std::string code_;
  int bold_ = 0, code_spans_ = 0;
  std::string link_;
  size_t link_begins_ = 0;
  std::vector<std::vector<std::vector<Span>>> rows_;
};

}  // namespace

std::string RenderMarkdown(std::string_view markdown, int columns) { return Renderer(columns).Render(markdown); }

}  // namespace racelab
