// SPDX-License-Identifier: Apache-2.0
#include "connectors/ldap/patient_socket.h"

#include <ldap.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace muster::connectors::ldap {
namespace {

constexpr int kSliceMilliseconds = 100;
constexpr std::chrono::seconds kWritePatience{10};
constexpr int kAboveSocketBelowTls = (LBER_SBIOD_LEVEL_PROVIDER + LBER_SBIOD_LEVEL_TRANSPORT) / 2;

int descriptor_of(Sockbuf_IO_Desc* layer) {
  int descriptor = -1;
  ber_sockbuf_ctrl(layer->sbiod_sb, LBER_SB_OPT_GET_FD, &descriptor);
  return descriptor;
}

extern "C" {

int layer_setup(Sockbuf_IO_Desc* layer, void* socket) {
  layer->sbiod_pvt = socket;
  return 0;
}

int layer_remove(Sockbuf_IO_Desc*) { return 0; }

int layer_control(Sockbuf_IO_Desc* layer, int option, void* argument) {
  return LBER_SBIOD_CTRL_NEXT(layer, option, argument);
}

ber_slen_t layer_read(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t length) {
  return static_cast<PatientSocket*>(layer->sbiod_pvt)->read(descriptor_of(layer), buffer, length);
}

ber_slen_t layer_write(Sockbuf_IO_Desc* layer, void* buffer, ber_len_t length) {
  return static_cast<PatientSocket*>(layer->sbiod_pvt)->write(descriptor_of(layer), buffer, length);
}

int layer_close(Sockbuf_IO_Desc*) { return 0; }

}  // extern "C"

Sockbuf_IO layer_functions = {layer_setup, layer_remove, layer_control,
                              layer_read,  layer_write,  layer_close};

}  // namespace

bool PatientSocket::put_under(::ldap* handle) {
  Sockbuf* buffer = nullptr;
  return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS &&
         buffer != nullptr &&
         ber_sockbuf_add_io(buffer, &layer_functions, kAboveSocketBelowTls, this) == 0;
}

bool PatientSocket::wait_for(int descriptor, short event, Patience::Clock::time_point until) const {
  pollfd wanted{.fd = descriptor, .events = event, .revents = 0};
  while (patience_.check() && Patience::Clock::now() < until) {
    if (poll(&wanted, 1, kSliceMilliseconds) > 0) return true;
  }
  return false;
}

long PatientSocket::read(int descriptor, void* buffer, unsigned long length) const {
  if (waiting_ && !wait_for(descriptor, POLLIN, until_)) {
    errno = ETIMEDOUT;
    return -1;
  }
  const ssize_t got = recv(descriptor, buffer, length, MSG_DONTWAIT);
  if (got == 0) errno = 0;  // an end is no error: libldap looks at errno to tell them apart
  return got;
}

long PatientSocket::write(int descriptor, const void* buffer, unsigned long length) const {
  const auto until = Patience::Clock::now() + kWritePatience;
  for (;;) {
    const ssize_t sent = send(descriptor, buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) return sent;
    if (!wait_for(descriptor, POLLOUT, until)) {
      errno = ETIMEDOUT;
      return -1;
    }
  }
}

}  // namespace muster::connectors::ldap
