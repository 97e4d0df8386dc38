#!/usr/bin/env bash
# The programs that the interop tests talk to: openssl, sipp, baresip, linphone, kamailio, fail2ban's reader of logs, libsrtp, PostgreSQL (Debian), node (for
# Google's JavaScript SDK). Installs what is missing when it may; otherwise says what will be skipped. The tests start and stop them
# themselves: nothing that is installed here is left running as a service.
set -u
missing=()
command -v openssl >/dev/null || missing+=(openssl)
command -v sipp >/dev/null || missing+=(sip-tester)
command -v baresip >/dev/null || missing+=(baresip)
command -v linphonec >/dev/null || missing+=(linphone-cli)
PATH="$PATH:/usr/sbin:/usr/local/sbin"
command -v kamailio >/dev/null || missing+=(kamailio)
compgen -G '/usr/lib*/*/kamailio/modules/tls.so' >/dev/null || compgen -G '/usr/local/lib*/kamailio/modules/tls.so' >/dev/null || missing+=(kamailio-tls-modules)
command -v fail2ban-regex >/dev/null || missing+=(fail2ban)
ls /usr/lib*/*/libsrtp2.so.1 >/dev/null 2>&1 || missing+=(libsrtp2-1)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v node >/dev/null || missing+=(nodejs npm)
compgen -G '/usr/lib/*/libspandsp.so.2' >/dev/null || missing+=(libspandsp2)
command -v pocketsphinx_batch >/dev/null || missing+=(pocketsphinx)
[ -d /usr/share/pocketsphinx/model/en-us ] || missing+=(pocketsphinx-en-us)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    # invoke-rc.d asks this file; 101: no service is started (invoke-rc.d(8)).
    if [ ! -e /usr/sbin/policy-rc.d ]; then
      trap 'rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\nexit 101\n' > /usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    fi
    apt-get update -qq >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || echo "apt-get could not install ${missing[*]}"
  else
    echo "to run the interop tests too: sudo apt-get install ${missing[*]}"
  fi
fi
command -v openssl >/dev/null || echo "SKIPPED: no openssl, so the tests of TLS against it will be skipped"
command -v sipp >/dev/null || echo "SKIPPED: no sipp, so the tests against it will be skipped"
command -v baresip >/dev/null || echo "SKIPPED: no baresip, so the tests against it will be skipped"
command -v linphonec >/dev/null || echo "SKIPPED: no linphonec, so the tests against it will be skipped"
command -v kamailio >/dev/null || echo "SKIPPED: no kamailio, so the tests against it will be skipped"
ls /usr/lib*/*/libsrtp2.so.1 >/dev/null 2>&1 || echo "SKIPPED: no libsrtp2, so the tests of SRTP against it will be skipped"
compgen -G '/usr/lib/*/libspandsp.so.2' >/dev/null || echo "SKIPPED: no libspandsp, so the tests of codecs and tones against it will be skipped"
command -v fail2ban-regex >/dev/null || echo "SKIPPED: no fail2ban-regex, so the test of the filter for fail2ban will be skipped"
command -v node >/dev/null || echo "SKIPPED: no node, so the test with Google's JavaScript SDK will be skipped"
command -v pocketsphinx_batch >/dev/null || echo "SKIPPED: no pocketsphinx, so the tests of word accuracy will be skipped"
exit 0
