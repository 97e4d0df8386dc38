#!/usr/bin/env bash
# The whole product under load: a gateway with its embedded simulator, and tools/Caller's softphones that speak, listen and speak again.
# Usage: bench/callers.sh [CALLS] [SECONDS]; report: bench/reports/callers.md and .json. Fails when a call was lost.
set -euo pipefail
cd "$(dirname "$0")/.."
calls=${1:-200} seconds=${2:-60}
work=$(mktemp -d)
dotnet src/VoiceGateway/bin/Release/net10.0/VoiceGateway.dll \
  --Sip:Listen:0=udp:127.0.0.1:0 --Admin:Url=http://127.0.0.1:0 --Simulator:Scenario=say "--Storage:Database=sqlite:$work/callers.db" > "$work/gateway.log" 2>&1 &
gateway=$!
trap 'kill -TERM $gateway 2>/dev/null; wait $gateway 2>/dev/null; rm -rf "$work"' EXIT
for _ in $(seq 100); do
  ready=$(grep -m1 '^voicegateway ready' "$work/gateway.log" || true)
  [ -n "$ready" ] && break
  sleep 0.1
done
target=$(sed -nE 's/.* sip=udp:([^ ,]+).*/sip:100@\1/p' <<< "$ready")
say=()
for clip in src/LiveSimulator/Voice/Caller/*.wav; do say+=(--say "$clip"); done
dotnet tools/Caller/bin/Release/net10.0/VoiceGateway.Caller.dll load "$target" \
  --calls "$calls" --rate 20 --duration "${seconds}s" "${say[@]}" --watch-pid "$gateway" --report bench/reports/callers.json | tee "$work/words"
cat > bench/reports/callers.md <<END
# Callers: $calls softphones for $seconds s

\`make callers\`: the gateway with its embedded simulator is one process, tools/Caller the other, on one machine ($(nproc) cores). Each caller speaks,
listens to the answer and speaks again. CPU and memory are those of gateway and simulator together. Times between RTP packets are seen by the
callers' clock, which reads its sockets every 5 ms.

\`\`\`
$(grep -v ' up, ' "$work/words")
\`\`\`
END
