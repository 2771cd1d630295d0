// SPDX-License-Identifier: Apache-2.0
#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>

#include "http/transport.h"

namespace muster::http {
namespace ssl = boost::asio::ssl;

Result<std::shared_ptr<ssl::context>> load_tls(const TlsFiles& files) {
  boost::system::error_code code;
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(
      native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  if (SSL_CTX_set_cipher_list(native, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1)
    return fail(Fault::internal, "this OpenSSL has none of the TLS 1.2 ciphers that are needed");
  if (context->use_certificate_chain_file(files.certificate_chain, code))
    return fail(Fault::invalid, "the TLS certificate chain cannot be read: " + code.message(),
                files.certificate_chain);
  if (context->use_private_key_file(files.private_key, ssl::context::pem, code))
    return fail(Fault::invalid,
                "the TLS private key cannot be read or is not the certificate's: " + code.message(),
                files.private_key);
  if (SSL_CTX_check_private_key(native) != 1)
    return fail(Fault::invalid, "the TLS private key is not the certificate's", files.private_key);
  return context;
}

}  // namespace muster::http
