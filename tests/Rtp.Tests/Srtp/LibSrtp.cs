using System.Runtime.InteropServices;

namespace VoiceGateway.Rtp.Tests.Srtp;

/// <summary>The reference implementation (Debian: libsrtp2-1) as the other side. Structures as its header has them, on a machine of 64 bits.</summary>
internal sealed unsafe partial class LibSrtp : IDisposable
{
    public const int AuthenticationFailed = 7;
    public const int Replayed = 9;

    private const string Library = "libsrtp2.so.1";
    private const int PolicyLength = 256;
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;
    private const int RtpPolicyAt = 8;
    private const int RtcpPolicyAt = 32;
    private const int KeyAt = 56;
    private const int KeysAt = 64;
    private const int KeyCountAt = 72;
    private const int BufferLength = 2048;

    private static readonly Lock Initialisation = new();
    private static bool IsInitialised;

    private readonly nint _session;
    private readonly bool _useMki;

    public LibSrtp(SrtpSuite suite, byte[] keyAndSalt, bool sends, byte[]? mki = null)
    {
        lock (Initialisation)
        {
            if (!IsInitialised)
                Assert.Equal(0, Initialise());
            IsInitialised = true;
        }
        _useMki = mki is not null;
        var policy = stackalloc byte[PolicyLength];
        new Span<byte>(policy, PolicyLength).Clear();
        *(int*)policy = sends ? AnyOutbound : AnyInbound;
        SetPolicy(suite, policy + RtpPolicyAt, isRtcp: false);
        SetPolicy(suite, policy + RtcpPolicyAt, isRtcp: true);
        fixed (byte* key = keyAndSalt)
        fixed (byte* identifier = mki)
        {
            var master = new MasterKey { Key = key, Mki = identifier, MkiLength = (uint)(mki?.Length ?? 0) };
            var masters = &master;
            if (mki is null)
            {
                *(byte**)(policy + KeyAt) = key;
            }
            else
            {
                *(MasterKey***)(policy + KeysAt) = &masters;
                *(nuint*)(policy + KeyCountAt) = 1;
            }
            nint session;
            Assert.Equal(0, Create(&session, policy));
            _session = session;
        }
    }

    /// <summary>Skips the test when it is not installed, or fails it when VOICEGATEWAY_REQUIRE_PEERS=1.</summary>
    public static void Require()
    {
        if (NativeLibrary.TryLoad(Library, out _))
            return;
        const string Missing = $"{Library} is not here; Debian has it in the package libsrtp2-1: apt-get install libsrtp2-1";
        if (Environment.GetEnvironmentVariable("VOICEGATEWAY_REQUIRE_PEERS") == "1")
            Assert.Fail(Missing);
        Skip.If(true, Missing);
    }

    public byte[] Protect(byte[] rtp) => Call(rtp, (packet, length) => ProtectRtp(_session, packet, length, _useMki ? 1u : 0, 0), out _)!;

    public byte[] ProtectRtcp(byte[] rtcp) => Call(rtcp, (packet, length) => ProtectControl(_session, packet, length, _useMki ? 1u : 0, 0), out _)!;

    /// <returns>Null: refused, with this status.</returns>
    public byte[]? Unprotect(byte[] srtp, out int status) => Call(srtp, (packet, length) => UnprotectRtp(_session, packet, length, _useMki ? 1u : 0), out status);

    /// <inheritdoc cref="Unprotect"/>
    public byte[]? UnprotectRtcp(byte[] srtcp, out int status) => Call(srtcp, (packet, length) => UnprotectControl(_session, packet, length, _useMki ? 1u : 0), out status);

    public void Dispose() => Free(_session);

    private delegate int Operation(byte* packet, int* length);

    private static byte[]? Call(byte[] bytes, Operation operation, out int status)
    {
        var buffer = stackalloc byte[BufferLength];
        bytes.CopyTo(new Span<byte>(buffer, BufferLength));
        var length = bytes.Length;
        status = operation(buffer, &length);
        return status == 0 ? new Span<byte>(buffer, length).ToArray() : null;
    }

    private static void SetPolicy(SrtpSuite suite, byte* policy, bool isRtcp)
    {
        // Its suites with a short tag mean SRTP only.
        var isShort = suite.TagLength == 4 && !isRtcp;
        if (suite == SrtpSuite.AesGcm128)
            SetGcm128(policy);
        else if (suite == SrtpSuite.AesGcm256)
            SetGcm256(policy);
        else if (suite.KeyLength == 32 && isShort)
            SetCounter256Short(policy);
        else if (suite.KeyLength == 32)
            SetCounter256(policy);
        else if (isShort)
            SetCounter128Short(policy);
        else
            SetCounter128(policy);
    }

    [LibraryImport(Library, EntryPoint = "srtp_init")]
    private static partial int Initialise();

    [LibraryImport(Library, EntryPoint = "srtp_create")]
    private static partial int Create(nint* session, byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_dealloc")]
    private static partial int Free(nint session);

    [LibraryImport(Library, EntryPoint = "srtp_protect_mki")]
    private static partial int ProtectRtp(nint session, byte* packet, int* length, uint useMki, uint mki);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_mki")]
    private static partial int UnprotectRtp(nint session, byte* packet, int* length, uint useMki);

    [LibraryImport(Library, EntryPoint = "srtp_protect_rtcp_mki")]
    private static partial int ProtectControl(nint session, byte* packet, int* length, uint useMki, uint mki);

    [LibraryImport(Library, EntryPoint = "srtp_unprotect_rtcp_mki")]
    private static partial int UnprotectControl(nint session, byte* packet, int* length, uint useMki);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
    private static partial void SetCounter128(byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_128_hmac_sha1_32")]
    private static partial void SetCounter128Short(byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_80")]
    private static partial void SetCounter256(byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_cm_256_hmac_sha1_32")]
    private static partial void SetCounter256Short(byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_128_16_auth")]
    private static partial void SetGcm128(byte* policy);

    [LibraryImport(Library, EntryPoint = "srtp_crypto_policy_set_aes_gcm_256_16_auth")]
    private static partial void SetGcm256(byte* policy);

    private struct MasterKey
    {
        public byte* Key;
        public byte* Mki;
        public uint MkiLength;
    }
}
