// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/tables/identity_table.h"
#include "store/tables/journal_tables.h"
#include "store/tables/lease_table.h"
#include "store/tables/membership_table.h"
#include "store/tables/record_table.h"
#include "store/tables/reference_table.h"
#include "store/tables/review_table.h"
#include "store/tables/write_scope.h"
#include "store/transaction.h"

namespace muster::store {

// The tables over one scope, which must outlive it.
class SqlTransaction final : public Transaction {
 public:
  explicit SqlTransaction(WriteScope& scope)
      : scope_(scope),
        records_(scope),
        identities_(scope),
        memberships_(scope),
        references_(scope),
        journal_(scope),
        runs_(scope),
        tokens_(scope),
        reviews_(scope),
        leases_(scope) {}

  RecordTable& records() override { return records_; }
  RecordWalks& walks() override { return records_; }
  IdentityTable& identities() override { return identities_; }
  MembershipTable& memberships() override { return memberships_; }
  ReferenceTable& references() override { return references_; }
  Journal& journal() override { return journal_; }
  RunTable& runs() override { return runs_; }
  TokenTable& tokens() override { return tokens_; }
  ReviewTable& reviews() override { return reviews_; }
  LeaseTable& leases() override { return leases_; }
  Timestamp now() const override { return scope_.now(); }

 private:
  WriteScope& scope_;
  SqlRecordTable records_;
  SqlIdentityTable identities_;
  SqlMembershipTable memberships_;
  SqlReferenceTable references_;
  SqlJournal journal_;
  SqlRunTable runs_;
  SqlTokenTable tokens_;
  SqlReviewTable reviews_;
  SqlLeaseTable leases_;
};

}  // namespace muster::store
