// The demo: a sandbox and a server in one process, an account that connects them, and an MCP server
// that is ready to use. Nothing is written to disk; all of it is gone when it ends.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/application.h"
#include "app/demo_options.h"
#include "base/clock.h"
#include "base/error.h"
#include "sandbox/sandbox.h"
#include "telemetry/log.h"

namespace patchbay::app {

class Demo {
 public:
  static Result<std::unique_ptr<Demo>> start(DemoOptions options, const Clock& clock,
                                             telemetry::Log& log);
  ~Demo();

  struct Facts {
    std::string mcp_url;
    std::string admin_url;
    std::string api_token;
    std::string dashboard_url;  // signs in, once
    std::string integrated_account_id;
    std::string sandbox_url;
    std::string company_id;
    std::string public_key;
    std::string private_key;
    std::string client_id;
    std::vector<std::string> tags;
    std::string client_name;  // what a client had best call the server
    std::size_t tool_count = 0;
    std::string tool_count_remark;  // "": every client takes so many
  };
  // Holds secrets of the demo, which exist to be shown.
  const Facts& facts() const { return facts_; }
  void stop();

 private:
  Demo() = default;
  Result<> start_sandbox(const DemoOptions& options, const Clock& clock);
  Result<> start_application(const DemoOptions& options, const Clock& clock, telemetry::Log& log);
  Result<> mint(const DemoOptions& options);

  std::unique_ptr<io::Runtime> sandbox_runtime_;
  std::unique_ptr<sandbox::Sandbox> sandbox_;
  std::unique_ptr<Application> application_;
  Facts facts_;
};

}  // namespace patchbay::app
