// The dashboard's pages over HTTP: everything under /dashboard/. They hold no secret, and ask for
// no token; what they show they ask the admin API for, by a session (admin/sign_in.h).
//
// Paths that are no file are the pages' own (deep links) and give index.html. Files under assets/
// have their content's hash in their names and never change; index.html is asked for again each
// time. Nothing but what this server sends runs in the pages: no inline script or style, no other
// origin.
#pragma once

#include "dashboard/pages.h"
#include "http/router.h"

namespace patchbay::dashboard {

// Both outlive the router's use. Without pages, it is said that this build has none.
void add_routes(http::Router& router, const Pages& pages);

}  // namespace patchbay::dashboard
