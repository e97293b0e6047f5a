// The coroutine type of everything that waits. Names Asio's awaitable only: cheap to include.
//
// Rules that the toolchain taught (docs/decisions/0001): pass by value or named local what must
// outlive a suspension; never capture in a lambda coroutine; nothing that points into a frame
// crosses a co_await unless that frame waits.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace patchbay::io {

using Executor = boost::asio::io_context::executor_type;

template <class T = void>
using Task = boost::asio::awaitable<T, Executor>;

}  // namespace patchbay::io
