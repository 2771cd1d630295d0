// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>

#include "core/value.h"
#include "mappings/engine.h"

namespace muster::mappings {

// What is shown in place of a sensitive value.
using Mask = std::function<Value(const Value&)>;
// Only how much there is: "(12 bytes)".
Value length_of(const Value& value);

// Why a record maps as it does: scope rules passed, and per attribute the result, the rule, its
// place in the file and the evaluation steps. A document for people and machines; the same code as
// Engine::map, with tracing on.
Value explain_record(const Engine& engine, const SourceRecord& record, Timestamp run_time,
                     const Mask& mask = length_of, const Earlier& before = {});

// What tiers were asked and what each found, of a correlation; keys of sensitive attributes masked.
Value tiers_of(const Engine& engine, const Correlation& found, const Mask& mask = length_of);

// What a record would become where nobody is known and every name is free: explain_record, and the
// rest of its road as explain_identity has it (link, user name, class, groups, checks).
Result<Value> explain_alone(const Engine& engine, const SourceRecord& record, Timestamp run_time,
                            const Mask& mask = length_of);

// Why a person is as it is: per attribute value, source, rule, place and the offers that lost and
// why; user name patterns tried; the classification rule with its inputs and the rules that failed
// before it; groups; findings.
Result<Value> explain_identity(const Engine& engine, std::span<const Told> told,
                               const Identity& identity, const World& world, Timestamp run_time,
                               const Mask& mask = length_of);

}  // namespace muster::mappings
