// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/catalog.h"
#include "store/reader.h"
#include "store/reader_pool.h"
#include "store/readers/journal_readers.h"
#include "store/readers/people_reader.h"
#include "store/readers/resource_reader.h"
#include "store/readers/review_reader.h"

namespace muster::store {

// The readers over one session of the pool.
class SqlReader final : public Reader {
 public:
  SqlReader(ReadSession session, Catalog& catalog)
      : session_(std::move(session)),
        resources_(session_, catalog),
        people_(session_, catalog),
        runs_(session_, catalog),
        tokens_(session_, catalog),
        journal_(session_, catalog),
        reviews_(session_, catalog) {}

  ResourceReader& resources() override { return resources_; }
  PeopleReader& people() override { return people_; }
  RunReader& runs() override { return runs_; }
  TokenReader& tokens() override { return tokens_; }
  ReviewReader& reviews() override { return reviews_; }
  JournalReader& journal() override { return journal_; }

 private:
  ReadSession session_;
  SqlResourceReader resources_;
  SqlPeopleReader people_;
  SqlRunReader runs_;
  SqlTokenReader tokens_;
  SqlJournalReader journal_;
  SqlReviewReader reviews_;
};

}  // namespace muster::store
