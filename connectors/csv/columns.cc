// SPDX-License-Identifier: Apache-2.0
#include "connectors/csv/columns.h"

#include <algorithm>
#include <map>

#include "core/csv/aliases.h"
#include "core/text.h"

namespace muster::connectors::csv {
namespace {

// The expected names, folded, with the key among them.
class Expected {
 public:
  explicit Expected(const ColumnNames& wanted) : names_(wanted.expected) {
    const bool usual = names_.empty();
    if (std::ranges::find(names_, wanted.key) == names_.end()) names_.push_back(wanted.key);
    if (usual) add_usual_names(wanted.key);
    for (const std::string& name : names_) folded_.push_back(fold_header(name));
  }

  // The expected name that the header is, or nullptr.
  const std::string* exact(std::string_view header) const {
    for (const std::string& folded : folded_names(header)) {
      const auto hit = std::ranges::find(folded_, folded);
      if (hit != folded_.end()) return &names_[static_cast<std::size_t>(hit - folded_.begin())];
    }
    return nullptr;
  }

  // The first expected name that is an alias of the header, or nullptr.
  const std::string* alias(std::string_view header) const {
    for (const std::string& folded : folded_names(header)) {
      const AliasGroup* group = alias_group_of(folded);
      if (group == nullptr) continue;
      for (std::size_t i = 0; i < folded_.size(); ++i) {
        if (alias_group_of(folded_[i]) == group) return &names_[i];
      }
    }
    return nullptr;
  }

 private:
  // All but the one that the key column's own name stands for.
  void add_usual_names(std::string_view key) {
    const AliasGroup* key_group = alias_group_of(fold_header(key));
    for (const AliasGroup& group : alias_groups()) {
      if (&group != key_group) names_.emplace_back(group.name);
    }
  }

  std::vector<std::string> names_;
  std::vector<std::string> folded_;
};

bool is_secret(std::string_view header) {
  return std::ranges::any_of(folded_names(header),
                             [](const std::string& name) { return names_secret(name); });
}

std::string quoted_list(std::span<const std::string> headers) {
  std::string out;
  for (const std::string& header : headers.first(std::min<std::size_t>(headers.size(), 20))) {
    if (!out.empty()) out += ", ";
    out += "'" + header.substr(0, 60) + "'";
  }
  return headers.size() > 20 ? out + "..." : out;
}

bool looks_like_data(std::span<const std::string> headers) {
  return std::ranges::any_of(headers, [](const std::string& header) {
    const bool number =
        !header.empty() && std::ranges::all_of(header, [](char c) { return c >= '0' && c <= '9'; });
    return number || header.find('@') != std::string::npos;
  });
}

// "; the file has 'id', 'mial'; did you mean 'mial'?"
std::string what_there_is(std::span<const std::string> headers, const std::string& wanted) {
  std::string text = "; the file has " + quoted_list(headers);
  std::vector<std::string> lower;
  for (const std::string& header : headers) lower.push_back(ascii_lower(header));
  return text + did_you_mean(ascii_lower(wanted), lower);
}

tl::unexpected<Error> missing_key(std::span<const std::string> headers, const std::string& key) {
  if (looks_like_data(headers)) {
    return fail(
        Fault::invalid,
        "there is no column '" + key +
            "' and the first line looks like a person, not like a header; add a line with the "
            "column names on top",
        {}, "NO_HEADER");
  }
  return fail(Fault::invalid, "there is no column '" + key + "'" + what_there_is(headers, key), {},
              "MISSING_COLUMN");
}

tl::unexpected<Error> twice(std::size_t first, std::size_t second, const std::string& name) {
  return fail(Fault::invalid,
              "columns " + std::to_string(first + 1) + " and " + std::to_string(second + 1) +
                  " are both '" + name + "'; rename or remove one",
              {}, "DUPLICATE_COLUMN");
}

// Two columns of one name: nobody can say which one is right.
Status refuse_duplicates(std::span<const std::string> headers) {
  std::map<std::string, std::size_t> seen;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (headers[i].empty()) continue;
    const auto [first, added] = seen.emplace(fold_header(headers[i]), i);
    if (!added) return twice(first->second, i, headers[i]);
  }
  return {};
}

ItemProblem left_out(std::size_t column, std::string code, std::string why) {
  return {"column " + std::to_string(column + 1), std::move(code), std::move(why),
          Severity::warning};
}

// Marks what no name may be given to; true when the column is left out.
bool leave_out(std::string_view header, std::size_t column, Columns& columns) {
  if (header.empty()) {
    columns.problems.push_back(
        left_out(column, "UNNAMED_COLUMN", "the column has no name in the header; it is left out"));
    return true;
  }
  if (is_secret(header)) {
    columns.problems.push_back(
        left_out(column, "SECRET_COLUMN",
                 "'" + std::string(header) +
                     "' looks like passwords; the column is left out and not stored"));
    return true;
  }
  return false;
}

using Taken = std::map<std::string, std::size_t>;  // expected name -> column

// Gives expected names to the columns that bear them; returns the columns still without a name.
Result<std::vector<std::size_t>> name_exactly(std::span<const std::string> headers,
                                              const Expected& expected, Columns& columns,
                                              Taken& taken) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (leave_out(headers[i], i, columns)) continue;
    const std::string* name = expected.exact(headers[i]);
    if (name == nullptr) {
      open.push_back(i);
    } else if (const auto [first, added] = taken.emplace(*name, i); added) {
      columns.names[i] = *name;
    } else {
      return twice(first->second, i, *name);
    }
  }
  return open;
}

// Gives the expected names still free to the columns that are called by an alias, and to the others
// their own.
Result<Taken> name_by_alias(std::span<const std::string> headers, const Expected& expected,
                            const std::vector<std::size_t>& open, Columns& columns,
                            const Taken& exact) {
  Taken taken = exact;
  for (const std::size_t i : open) {
    const std::string* name = expected.alias(headers[i]);
    if (name == nullptr || exact.contains(*name)) {
      columns.names[i] = headers[i];
      continue;
    }
    const auto [first, added] = taken.emplace(*name, i);
    if (!added) {
      return fail(Fault::invalid,
                  "'" + headers[first->second] + "' and '" + headers[i] + "' could both be '" +
                      *name + "'; call one of them that",
                  {}, "AMBIGUOUS_COLUMN");
    }
    columns.names[i] = *name;
  }
  return taken;
}

// A column that the mapping reads and nobody brought: taken as it is, the file would clear what it
// said about everybody before.
Status refuse_missing(std::span<const std::string> headers, const ColumnNames& wanted,
                      const Taken& taken) {
  for (const std::string& name : wanted.required) {
    if (name == wanted.key || taken.contains(name)) continue;
    return fail(Fault::invalid,
                "there is no column '" + name + "', which the mapping file reads" +
                    what_there_is(headers, name) +
                    "; add the column, or take it out of the mapping file",
                {}, "MISSING_COLUMN");
  }
  return {};
}

}  // namespace

Result<Columns> resolve_columns(std::span<const std::string> headers, const ColumnNames& wanted) {
  MUSTER_CHECK(refuse_duplicates(headers));
  const Expected expected(wanted);
  Columns columns;
  columns.names.resize(headers.size());
  Taken exact;
  MUSTER_TRY(const auto open, name_exactly(headers, expected, columns, exact));
  MUSTER_TRY(const auto all, name_by_alias(headers, expected, open, columns, exact));
  const auto key = all.find(wanted.key);
  if (key == all.end()) return missing_key(headers, wanted.key);
  columns.key = key->second;
  MUSTER_CHECK(refuse_missing(headers, wanted, all));
  return columns;
}

std::size_t known_headers(std::span<const std::string> headers, const ColumnNames& wanted) {
  const Expected expected(wanted);
  return static_cast<std::size_t>(std::ranges::count_if(headers, [&](const std::string& header) {
    return expected.exact(header) != nullptr || expected.alias(header) != nullptr;
  }));
}

bool has_key(std::span<const std::string> headers, const ColumnNames& wanted) {
  const Expected expected(wanted);
  return std::ranges::any_of(headers, [&](const std::string& header) {
    const std::string* name = expected.exact(header);
    if (name == nullptr) name = expected.alias(header);
    return name != nullptr && *name == wanted.key;
  });
}

}  // namespace muster::connectors::csv
