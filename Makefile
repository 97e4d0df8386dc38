# build test fuzz demo bench bench-sip load callers sip-load soak robustness: what there is to do here.
CONFIGURATION ?= Release

.PHONY: build test test-peers fuzz demo bench bench-sip load callers sip-load soak robustness clean

build:
	dotnet build VoiceGateway.sln -c $(CONFIGURATION)

# Unit, protocol and interop tests. What needs sipp, baresip or node says so when it is skipped.
test: test-peers build
	tests/run.sh $(CONFIGURATION)

# Installs the peers that the interop tests call, when it may.
test-peers:
	@tests/install-peers.sh

# 2,000,000 mutated messages, descriptions, streams and random peers, from a seed of the moment: SEED=… repeats a run.
FUZZ_INPUTS ?= 2000000
ifndef SEED
SEED := $(shell od -An -N3 -tu4 /dev/urandom | tr -d ' ')
endif

fuzz:
	dotnet build tests/Sip.Tests -c $(CONFIGURATION) -v q
	@echo "$(FUZZ_INPUTS) inputs; again: make fuzz SEED=$(SEED)"
	VOICEGATEWAY_FUZZ_INPUTS=$(FUZZ_INPUTS) VOICEGATEWAY_FUZZ_SEED=$(SEED) dotnet test tests/Sip.Tests -c $(CONFIGURATION) --no-build --nologo \
		--filter "FullyQualifiedName~Sip.Tests.Fuzz" --logger "console;verbosity=detailed"

demo:
	dotnet run -c $(CONFIGURATION) --project src/VoiceGateway -- demo

bench:
	dotnet run -c Release --project bench/Codecs.Benchmarks -- --inProcess --filter '*'

# Reading and writing an INVITE, and whole transactions without a socket.
bench-sip:
	dotnet run -c Release --project bench/Sip.Benchmarks -- --inProcess --filter '*'

# 100 to 1,000 calls at once, with 20 and with 40 ms of audio in a message to the model; callers and Live side on this machine.
# Half an hour. Report: bench/reports/load.md, .json and .svg. LOAD="--calls 200 --chunk 20 --seconds 20" is a short look.
load: build
	dotnet run -c Release --no-build --project bench/Load -- --perf $(LOAD)

# 200 softphones that speak and listen for a minute, against the gateway with its embedded simulator. Report: bench/reports/callers.md.
callers: build
	bench/callers.sh

# Short calls at 10 to 780 a second, 100,000 in one run; by our generator and by sipp. Report: bench/reports/sip.md and sip.json.
sip-load: build
	dotnet run -c Release --no-build --project bench/SipLoad

# Calls over bad networks, by our own impairments and by netem where the machine has it. Report: bench/reports/robustness.md.
robustness: build
	dotnet run -c Release --no-build --project bench/Robustness

# 20 calls for 22 minutes, with rotations and faults all the while. Report: bench/reports/soak.md and soak.json.
soak: build
	dotnet run -c Release --no-build --project bench/Soak

clean:
	dotnet clean VoiceGateway.sln -c $(CONFIGURATION) -v q
	rm -rf artifacts
