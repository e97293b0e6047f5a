#include "sandbox/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "http/url.h"
#include "sandbox/followers/audit_trail.h"
#include "sandbox/http_response.h"
#include "sandbox/modules.h"
#include "sandbox/modules/system/info.h"
#include "sandbox/records/record_access.h"
#include "sandbox/seed/seed.h"

namespace patchbay::sandbox {
namespace {

// "v4_6_release", "v2025_1"
bool is_codebase(std::string_view text) {
  if (equal_ignoring_case(text, "v4_6_release")) return true;
  if (text.size() < 7 || (text[0] != 'v' && text[0] != 'V') || text[5] != '_') return false;
  return std::ranges::all_of(text.substr(1),
                             [](char c) { return c == '_' || (c >= '0' && c <= '9'); });
}

struct ApiPath {
  std::string_view codebase;
  std::string_view rest;  // "/service/tickets"
};

// "/{codebase}/apis/3.0/…"
std::optional<ApiPath> read_api_path(std::string_view path) {
  if (!path.starts_with('/')) return std::nullopt;
  const std::size_t end = path.find('/', 1);
  if (end == std::string_view::npos) return std::nullopt;
  constexpr std::string_view kApi = "/apis/3.0";
  const std::string_view codebase = path.substr(1, end - 1);
  if (!is_codebase(codebase) || !equal_ignoring_case(path.substr(end, kApi.size()), kApi)) {
    return std::nullopt;
  }
  const std::string_view rest = path.substr(end + kApi.size());
  if (!rest.empty() && !rest.starts_with('/')) return std::nullopt;
  return ApiPath{codebase, rest};
}

// Decoded segments; empty ones (a trailing slash) are left out. Nothing on a broken escape.
std::optional<std::vector<std::string>> read_segments(std::string_view path) {
  std::vector<std::string> segments;
  for (const std::string_view part : split(path, '/')) {
    if (part.empty()) continue;
    auto decoded = http::percent_decode(part, false);
    if (!decoded) return std::nullopt;
    segments.push_back(std::move(*decoded));
  }
  return segments;
}

http::Response cannot_route() {
  return http::Response::text(400, "Cannot route. Codebase/company is invalid");
}

Settings initial_settings(const SandboxOptions& options) {
  Settings settings;
  settings.rate_limit = options.rate_limit;
  settings.rate_window = options.rate_window;
  settings.rate_retry_after = options.rate_retry_after;
  settings.latency = options.latency;
  settings.fault_percent = options.fault_percent;
  settings.reject_unknown_fields = options.reject_unknown_fields;
  settings.require_client_id = options.require_client_id;
  return settings;
}

// A sequence of its own, so that random faults are the same in each run.
std::uint64_t next_random(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

http::Response faulty_response(const InjectedFault& fault) {
  const bool is_json = fault.body.starts_with('{') || fault.body.starts_with('[');
  http::Response response = is_json ? http::Response::json(fault.status, fault.body)
                                    : http::Response::text(fault.status, fault.body);
  for (const auto& [name, value] : fault.headers) response.headers.set(name, value);
  return response;
}

constexpr std::string_view kAdminPrefix = "/_sandbox";
// Where receivers of callbacks fetch the key; they have no credentials.
constexpr std::string_view kSigningKeys = "/login/callbackkeys/";
constexpr std::size_t kMaxOutbox = 1000;

std::string root_of(const http::Request& request) {
  return fmt::format("{}://{}/", request.secure ? "https" : "http",
                     request.headers.find("Host").value_or("localhost"));
}

}  // namespace

Engine::Engine(const Clock& clock, const SandboxOptions& options)
    : clock_(clock), options_(options), settings_(initial_settings(options)) {
  seed();
}

void Engine::seed() {
  endpoints_.reset();
  std::vector<std::span<const ResourceSpec>> resources;
  std::vector<ModuleEndpoint> of_modules;
  for (ApiModule& one : all_modules()) {
    resources.insert(resources.end(), one.resources.begin(), one.resources.end());
    std::ranges::move(one.endpoints, std::back_inserter(of_modules));
  }
  db_ = std::make_unique<Database>(resources);
  seed_database(*db_, {options_.seed, options_.scale,
                       std::chrono::floor<std::chrono::seconds>(clock_.now())});
  endpoints_ = std::make_unique<Endpoints>(*db_, std::move(of_modules));
  const Record* member = db_->table("members").find_by("identifier", kApiMember);
  api_member_ = member == nullptr ? 0 : member->id;
  member_keys_.clear();
  fault_dice_ = options_.seed;
  outbox_.clear();
}

Settings Engine::settings() const {
  const MutexLock lock(mutex_);
  return settings_;
}

Engine::Admission Engine::admit(const http::Request& request) {
  const MutexLock lock(mutex_);
  Admission admission;
  // The admin routes are not part of the API: no log, no limit, no faults.
  if (request.path.starts_with(kAdminPrefix)) return admission;
  const std::optional<std::int64_t> member = signed_in(request);
  admission.number = log_.begin(request, member ? member_identifier(*db_, *member) : std::string(),
                                clock_.now(), clock_.monotonic());
  admission.delay = settings_.latency;
  if (auto refusal = limiter_.refuse(settings_, clock_.monotonic())) {
    admission.instead = std::move(refusal);
    return admission;
  }
  const std::optional<ApiPath> path = read_api_path(request.path);
  const std::string_view rest = path ? path->rest : request.path;
  if (std::optional<InjectedFault> fault = faults_.take(request.method, rest)) {
    admission.delay += fault->delay;
    admission.hang = fault->hang;
    admission.hang_generation = faults_.generation();
    admission.apply_first = fault->apply;
    if (fault->status != 0) admission.instead = faulty_response(*fault);
  } else if (settings_.fault_percent > 0 &&
             next_random(fault_dice_) % 100 < static_cast<std::uint64_t>(settings_.fault_percent)) {
    admission.instead = to_http(unreadable("The service was not able to process your request."));
  }
  return admission;
}

bool Engine::still_hangs(const Admission& admission) const {
  const MutexLock lock(mutex_);
  return admission.hang && faults_.generation() == admission.hang_generation;
}

http::Response Engine::answer(const http::Request& request, Admission admission) {
  const MutexLock lock(mutex_);
  if (request.path.starts_with(kAdminPrefix)) return route(request);
  http::Response response;
  if (!admission.instead || admission.apply_first) response = route(request);
  if (admission.instead) response = std::move(*admission.instead);
  response = decorate(request, std::move(response), admission.number);
  log_.end(admission.number, response.status, clock_.monotonic());
  return response;
}

void Engine::abandoned(const Admission& admission) {
  const MutexLock lock(mutex_);
  if (admission.number != 0) log_.cancelled(admission.number, clock_.monotonic());
}

http::Response Engine::handle(const http::Request& request) {
  return answer(request, admit(request));
}

http::Response Engine::route(const http::Request& request) {
  if (request.path.starts_with(kAdminPrefix)) {
    return answer_admin(request, request.path.substr(kAdminPrefix.size()));
  }
  constexpr std::string_view kCompanyInfo = "/login/companyinfo/";
  if (request.path.size() > kCompanyInfo.size() &&
      equal_ignoring_case(request.path.substr(0, kCompanyInfo.size()), kCompanyInfo)) {
    return answer_company_info(request.path.substr(kCompanyInfo.size()));
  }
  if (request.path.starts_with(kSigningKeys)) {
    return answer_signing_key(request.path.substr(kSigningKeys.size()));
  }
  const std::optional<ApiPath> path = read_api_path(request.path);
  // A doubled "/apis/3.0" is how clients with a wrong base path come along.
  if (!path || contains_ignoring_case(path->rest, "/apis/3.0")) return cannot_route();
  return answer_api(request, path->codebase, path->rest);
}

http::Response Engine::answer_company_info(std::string_view company) const {
  while (company.ends_with('/')) company.remove_suffix(1);
  if (!equal_ignoring_case(company, options_.company_id)) return http::Response::json(200, "null");
  return http::Response::json(
      200, fmt::format(R"({{"CompanyName":"{0}","Codebase":"v2025_1/","VersionCode":"v2025.1",)"
                       R"("VersionNumber":"v4.6.95012","CompanyID":"{0}","IsCloud":true}})",
                       options_.company_id));
}

http::Response Engine::answer_signing_key(std::string_view id) const {
  if (id != signing_key_.id) return to_http(no_such_endpoint());
  return http::Response::json(200, fmt::format(R"({{"signing_key":"{}"}})", signing_key_.secret));
}

void Engine::follow_changes(const http::Request& request, const ApiCall& call,
                            const Changes& changes) {
  const std::string root = root_of(request);
  const CallbackContext context{
      *db_,
      call.member,
      options_.company_id,
      std::string(request.headers.find("Host").value_or("localhost")),
      call.base_url,
      fmt::format("{}{}{}", root.substr(0, root.size() - 1), kSigningKeys, signing_key_.id)};
  for (const RecordChange& change : changes) {
    write_audit_trail(*db_, change, call.now, call.member);
    for (Delivery& delivery : deliveries_for(change, context, signing_key_)) {
      outbox_.push_back(std::move(delivery));
      if (outbox_.size() > kMaxOutbox) outbox_.pop_front();
    }
  }
}

std::vector<Delivery> Engine::take_deliveries() {
  const MutexLock lock(mutex_);
  std::vector<Delivery> taken(std::make_move_iterator(outbox_.begin()),
                              std::make_move_iterator(outbox_.end()));
  outbox_.clear();
  return taken;
}

std::optional<std::int64_t> Engine::signed_in(const http::Request& request) const {
  if (has_credentials(request, options_)) return api_member_;
  const MemberKeys* const keys = find_keys(request, options_, member_keys_);
  if (keys == nullptr) return std::nullopt;
  const Record* const member = db_->table("members").find_by("identifier", keys->member);
  return member == nullptr ? std::nullopt : std::optional(member->id);
}

http::Response Engine::answer_api(const http::Request& request, std::string_view codebase,
                                  std::string_view path) {
  const std::optional<std::int64_t> member = signed_in(request);
  if (!member) return to_http(not_authenticated());
  if (auto refusal = refuse_client(request, settings_)) return to_http(*refusal);
  const auto segments = read_segments(path);
  auto query = Query::parse(request.query);
  if (!segments || !query) {
    return to_http(ApiError{400, "ConnectWiseApi", "The request's address is not valid.", {}});
  }
  const std::string root = root_of(request);
  std::string_view shown_path = path;
  while (shown_path.ends_with('/')) shown_path.remove_suffix(1);
  const std::string_view paging = request.headers.find("pagination-type").value_or("");
  Changes changes;
  ApiCall call{*db_,
               settings_,
               std::chrono::floor<std::chrono::seconds>(clock_.now()),
               *member,
               request.method == http::Method::head ? http::Method::get : request.method,
               request.body,
               std::move(*query),
               request.query,
               equal_ignoring_case(paging, "forward-only"),
               fmt::format("{}{}/apis/3.0{}", root, codebase, shown_path),
               root + "v4_6_release/apis/3.0/",
               {},
               &changes};
  ApiResult<ApiResponse> answered = endpoints_->dispatch(call, *segments);
  follow_changes(request, call, changes);
  return answered ? to_http(std::move(*answered)) : to_http(answered.error());
}

http::Response Engine::decorate(const http::Request& request, http::Response response,
                                std::uint64_t number) const {
  http::Headers& headers = response.headers;
  const std::string_view accept = request.headers.find("Accept").value_or("");
  const std::string_view type = headers.find("Content-Type").value_or("");
  // Clients that pin a model version get its media type back.
  constexpr std::string_view kVendorType = "application/vnd.connectwise.com+json";
  if (response.status < 300 && type.starts_with("application/json") &&
      contains_ignoring_case(accept, kVendorType)) {
    headers.set("Content-Type", fmt::format("{}; version={}", kVendorType, kApiVersion));
  } else if (type == "application/json") {
    headers.set("Content-Type", "application/json; charset=utf-8");
  }
  headers.set("api-current-version", std::string(kApiVersion));
  headers.set("x-cw-request-id",
              fmt::format("{:08x}-5a9d-4b0c-8000-{:012x}", options_.seed & 0xffffffff, number));
  headers.set("x-server-name", "SANDBOX-API-01");
  headers.set("Cache-Control", "no-cache");
  headers.set("Pragma", "no-cache");
  headers.set("Strict-Transport-Security", "max-age=31536000; includeSubDomains");
  headers.set("X-Frame-Options", "SAMEORIGIN");
  return response;
}

}  // namespace patchbay::sandbox
