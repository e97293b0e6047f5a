// The one place where the bodies of Asio and of Beast's parser are compiled.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
