#include "admin/warnings_view.h"

namespace patchbay::admin {

json::Array view(const std::vector<control::ServerWarning>& warnings) {
  json::Array shown;
  for (const control::ServerWarning& warning : warnings) {
    json::Object one{{"code", warning.code}, {"message", warning.message}, {"hint", warning.hint}};
    if (!warning.fits_as.empty()) one["fits_as"] = warning.fits_as;
    shown.push_back(std::move(one));
  }
  return shown;
}

}  // namespace patchbay::admin
