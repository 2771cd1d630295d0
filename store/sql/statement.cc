// SPDX-License-Identifier: Apache-2.0
#include "store/sql/statement.h"

#include <soci/soci.h>

#include <vector>

#include "store/sql/failure.h"

namespace muster::store {
namespace {

// Where SOCI reads a parameter from and writes a column to; the addresses must not move.
struct Place {
  std::string text = {};
  long long number = 0;
  soci::indicator indicator = soci::i_ok;
};

// $1 in the engine's words: SQLite knows ?1 as a number; SOCI numbers PostgreSQL's by itself and
// wants names.
std::string with_parameters(std::string_view text, Engine engine) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool parameter =
        text[i] == '$' && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (!parameter) {
      out += text[i];
    } else {
      out += engine == Engine::sqlite ? "?" : ":p";
    }
  }
  return out;
}

template <class T>
void bind(soci::statement& statement, Engine engine, T& value, soci::indicator& indicator,
          std::size_t position) {
  if (engine == Engine::sqlite) {
    statement.exchange(soci::use(value, indicator));
  } else {
    statement.exchange(soci::use(value, indicator, "p" + std::to_string(position + 1)));
  }
}

}  // namespace

struct Statement::Places {
  Places(soci::session& session, Engine kind, std::size_t parameters, std::size_t columns)
      : engine(kind), in(parameters), out(columns), statement(session) {}

  Engine engine;
  std::vector<Place> in;
  std::vector<Place> out;
  soci::statement statement;
};

Statement::Statement(std::unique_ptr<Places> places) : places_(std::move(places)) {}

Statement::~Statement() = default;

Result<std::unique_ptr<Statement>> Statement::prepare(soci::session& session, Engine engine,
                                                      const std::string& text,
                                                      const std::string& in,
                                                      const std::string& out) {
  try {
    auto places = std::make_unique<Places>(session, engine, in.size(), out.size());
    soci::statement& statement = places->statement;
    statement.alloc();
    for (std::size_t i = 0; i < out.size(); ++i) {
      Place& place = places->out[i];
      if (out[i] == 't') {
        statement.exchange(soci::into(place.text, place.indicator));
      } else {
        statement.exchange(soci::into(place.number, place.indicator));
      }
    }
    for (std::size_t i = 0; i < in.size(); ++i) {
      Place& place = places->in[i];
      if (in[i] == 't') {
        bind(statement, engine, place.text, place.indicator, i);
      } else {
        bind(statement, engine, place.number, place.indicator, i);
      }
    }
    statement.prepare(with_parameters(text, engine));
    statement.define_and_bind();
    return std::unique_ptr<Statement>(new Statement(std::move(places)));
  } catch (const std::exception& error) {
    return fail(failure_of(engine, error));
  }
}

void Statement::set_text(std::size_t position, std::string_view value) {
  Place& place = places_->in[position];
  place.text.assign(value);
  place.indicator = soci::i_ok;
}

void Statement::set_number(std::size_t position, std::int64_t value) {
  Place& place = places_->in[position];
  place.number = value;
  place.indicator = soci::i_ok;
}

void Statement::set_null(std::size_t position) { places_->in[position].indicator = soci::i_null; }

Result<bool> Statement::execute() {
  try {
    return places_->statement.execute(true) && !places_->out.empty();
  } catch (const std::exception& error) {
    return fail(failure_of(places_->engine, error));
  }
}

Result<bool> Statement::fetch() {
  try {
    return places_->statement.fetch();
  } catch (const std::exception& error) {
    return fail(failure_of(places_->engine, error));
  }
}

std::int64_t Statement::affected_rows() { return places_->statement.get_affected_rows(); }

const std::string& Statement::text(std::size_t column) const {
  static const std::string none;
  const Place& place = places_->out[column];
  return place.indicator == soci::i_null ? none : place.text;
}

std::int64_t Statement::number(std::size_t column) const {
  const Place& place = places_->out[column];
  return place.indicator == soci::i_null ? 0 : place.number;
}

bool Statement::is_null(std::size_t column) const {
  return places_->out[column].indicator == soci::i_null;
}

}  // namespace muster::store
