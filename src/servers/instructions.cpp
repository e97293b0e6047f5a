#include "servers/instructions.h"

namespace patchbay::servers {

std::string instructions_for(const control::McpServer& server) {
  const std::string& label = server.toolset->catalog().integration().label;
  return "Tools of " + label +
         ".\n"
         "- Name other records by name or by id (board: \"Triage\" or board: 7). A name that fits "
         "none or several fails before anything is written, and the error lists the candidates.\n"
         "- Lists return {result, next_cursor, result_count}, 25 records unless limit says "
         "otherwise, newest first. Call again with next_cursor and the same arguments until it is "
         "absent. Ask for few fields with fields; verbose: true keeps all but nulls; count: true "
         "tells "
         "only how many there are.\n"
         "- dry_run: true shows what a write would send, and sends nothing.\n"
         "- Search or list before you get, update or delete by id; never guess an id.\n"
         "- Times are ISO 8601; without an offset they are in the account's time zone (" +
         std::string(server.account->time_zone().name()) +
         ").\n"
         "- An error says what to change. On code rate_limited wait retry_after_seconds; "
         "was_applied "
         "says whether a write happened before you repeat it.";
}

}  // namespace patchbay::servers
