# build test demo bench load soak: what there is to do here.
CONFIGURATION ?= Release

.PHONY: build test test-peers demo bench load soak clean

build:
	dotnet build VoiceGateway.sln -c $(CONFIGURATION)

# Unit, protocol and interop tests. What needs sipp, baresip or node says so when it is skipped.
test: test-peers build
	tests/run.sh $(CONFIGURATION)

# Installs the peers that the interop tests call, when it may.
test-peers:
	@tests/install-peers.sh

demo:
	dotnet run -c $(CONFIGURATION) --project src/VoiceGateway -- demo

bench:
	dotnet run -c Release --project bench/Codecs.Benchmarks -- --inProcess --filter '*'

# 200 calls for 60 s, generator and simulator on this machine. Report: bench/reports/load.md and load.json.
load: build
	dotnet run -c Release --no-build --project bench/Load

# 20 calls for 22 minutes, with rotations and faults all the while. Report: bench/reports/soak.md and soak.json.
soak: build
	dotnet run -c Release --no-build --project bench/Soak

clean:
	dotnet clean VoiceGateway.sln -c $(CONFIGURATION) -v q
	rm -rf artifacts
