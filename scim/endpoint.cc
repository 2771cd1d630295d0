// SPDX-License-Identifier: Apache-2.0
#include "scim/endpoint.h"

#include <utility>

#include "core/text.h"
#include "scim/discovery.h"
#include "scim/filter_parser.h"
#include "scim/problem.h"
#include "scim/resource_service.h"
#include "scim/root_search.h"

namespace muster::scim {
namespace {

// A group of 50,000 members as a client may send it whole.
constexpr std::size_t group_body_limit = 8 << 20;

// RFC 7644, 3.1; most clients send application/json.
bool is_json(const http::RequestHead& head) {
  const std::string* type = head.header("Content-Type");
  if (type == nullptr) return false;
  const auto name = trim_blanks(std::string_view(*type).substr(0, type->find(';')));
  return ascii_equal_fold(name, media_type) || ascii_equal_fold(name, "application/json");
}

http::Handler with_json_body(http::Handler handler) {
  return [handler = std::move(handler)](const http::Request& request) {
    if (is_json(request.head)) return handler(request);
    return problem(415, "", "the body must be of Content-Type application/scim+json");
  };
}

// Identity providers ask for one user by name before every change: a look-up on a unique index,
// however large the source is.
bool is_point_look_up(const http::RequestHead& head) {
  const auto* text = head.parameter("filter");
  if (text == nullptr) return false;
  const auto filter = parse_filter(*text, ResourceType::user);
  if (!filter || filter->op != Filter::Op::eq) return false;
  const auto& path = filter->path;
  return path.schema.empty() && path.sub_attribute.empty() &&
         (path.attribute == "userName" || path.attribute == "id");
}

}  // namespace

class Endpoint::Impl {
 public:
  Impl(provision::Provisioner& provisioner, http::Authorize authorize, EndpointOptions options)
      : options_(std::move(options)),
        authorize_(std::move(authorize)),
        discovery_(base(), options_.max_results),
        users_(provisioner, ResourceType::user, Presenter(base()), options_.max_results),
        groups_(provisioner, ResourceType::group, Presenter(base()), options_.max_results) {}

  static std::vector<http::Route> routes(const std::shared_ptr<Impl>& self) {
    std::vector<http::Route> out;
    self->add_discovery(self, out);
    self->add_resources(self, &Impl::users_, "/Users", out);
    self->add_resources(self, &Impl::groups_, "/Groups", out);
    out.push_back(self->route(
        http::Method::post, "/.search", with_json_body([self](const http::Request& request) {
          return search_all(request, self->users_, self->groups_, self->options_.max_results);
        })));
    self->add_unsupported(out);
    return out;
  }

 private:
  using Service = ResourceService Impl::*;
  using Self = std::shared_ptr<Impl>;

  std::string base() const {
    return options_.public_url.empty() ? options_.base_path : options_.public_url;
  }

  http::Route route(http::Method method, std::string_view pattern, http::Handler handler) const {
    http::Route out;
    out.method = method;
    out.pattern = options_.base_path + std::string(pattern);
    out.handler = std::move(handler);
    out.authorize = authorize_;
    return out;
  }

  void add_discovery(const Self& self, std::vector<http::Route>& out) const {
    using Describe = http::Response (Discovery::*)(const http::Request&) const;
    const auto add = [&](std::string_view pattern, Describe describe) {
      auto made = route(http::Method::get, pattern, [self, describe](const http::Request& request) {
        return (self->discovery_.*describe)(request);
      });
      made.quick = true;
      out.push_back(std::move(made));
    };
    add("/ServiceProviderConfig", &Discovery::service_provider_config);
    add("/ResourceTypes", &Discovery::resource_types);
    add("/ResourceTypes/{id}", &Discovery::resource_type);
    add("/Schemas", &Discovery::schemas);
    add("/Schemas/{id}", &Discovery::schema);
  }

  void add_resources(const Self& self, Service service, const std::string& path,
                     std::vector<http::Route>& out) const {
    using Serve = http::Response (ResourceService::*)(const http::Request&) const;
    const bool users = service == &Impl::users_;
    const auto handler = [&](Serve serve) -> http::Handler {
      return [self, service, serve](const http::Request& request) {
        return (self.get()->*service.*serve)(request);
      };
    };
    const auto add = [&](http::Method method, const std::string& pattern, Serve serve) {
      const bool has_body = method != http::Method::get && method != http::Method::delete_;
      auto made =
          route(method, pattern, has_body ? with_json_body(handler(serve)) : handler(serve));
      // A user is one look-up; a group may have many members.
      made.quick = users && serve == &ResourceService::get;
      if (users && serve == &ResourceService::list) made.quick_when = is_point_look_up;
      if (!users) made.body_limit = group_body_limit;
      out.push_back(std::move(made));
    };
    add(http::Method::get, path, &ResourceService::list);
    add(http::Method::post, path, &ResourceService::create);
    add(http::Method::post, path + "/.search", &ResourceService::search);
    add(http::Method::get, path + "/{id}", &ResourceService::get);
    add(http::Method::put, path + "/{id}", &ResourceService::replace);
    add(http::Method::patch, path + "/{id}", &ResourceService::patch);
    add(http::Method::delete_, path + "/{id}", &ResourceService::remove);
  }

  // RFC 7644, 3.11: a service without /Me answers 501. Bulk is announced as unsupported.
  void add_unsupported(std::vector<http::Route>& out) const {
    const auto refuse = [](std::string_view what) {
      return [what](const http::Request&) {
        return problem(501, "", std::string(what) + " is not supported");
      };
    };
    for (const auto method : {http::Method::get, http::Method::post, http::Method::put,
                              http::Method::patch, http::Method::delete_}) {
      out.push_back(route(method, "/Me", refuse("/Me")));
    }
    out.push_back(route(http::Method::post, "/Bulk", refuse("/Bulk")));
  }

  EndpointOptions options_;
  http::Authorize authorize_;
  Discovery discovery_;
  ResourceService users_;
  ResourceService groups_;
};

Endpoint::Endpoint(provision::Provisioner& provisioner, http::Authorize authorize,
                   EndpointOptions options)
    : impl_(std::make_shared<Impl>(provisioner, std::move(authorize), std::move(options))) {}

Endpoint::~Endpoint() = default;

std::vector<http::Route> Endpoint::routes() { return Impl::routes(impl_); }

http::Response Endpoint::error_body(int status, std::string_view detail, const http::RequestHead&) {
  return problem(status, "", detail);
}

}  // namespace muster::scim
