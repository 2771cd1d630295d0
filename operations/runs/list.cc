// SPDX-License-Identifier: Apache-2.0
#include "operations/runs/list.h"

#include <iterator>

namespace muster::operations {

Result<std::vector<store::RunRow>> latest_runs(const Installation& here, const std::string& source,
                                               int count) {
  MUSTER_TRY(auto reader, here.store().reader());
  return reader->runs().latest(source, count);
}

Result<RunDetails> show_run(const Installation& here, const std::string& id) {
  constexpr int page_size = 500;
  MUSTER_TRY(auto reader, here.store().reader());
  MUSTER_TRY(auto run, reader->runs().get(id));
  if (!run) return fail(Fault::not_found, "there is no run '" + id + "'");
  RunDetails details{.run = *std::move(run)};
  for (std::int64_t after = 0;;) {
    MUSTER_TRY(auto page, reader->runs().items(id, after, page_size));
    if (page.empty()) return details;
    after = page.back().number;
    details.items.insert(details.items.end(), std::make_move_iterator(page.begin()),
                         std::make_move_iterator(page.end()));
  }
}

}  // namespace muster::operations
