#include "admin/warnings_view.h"

namespace patchbay::admin {

json::Array view(const std::vector<control::ServerWarning>& warnings) {
  json::Array shown;
  for (const control::ServerWarning& warning : warnings) {
    shown.push_back(
        json::Object{{"code", warning.code}, {"message", warning.message}, {"hint", warning.hint}});
  }
  return shown;
}

}  // namespace patchbay::admin
