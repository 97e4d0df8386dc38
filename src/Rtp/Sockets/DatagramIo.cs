namespace VoiceGateway.Rtp;

internal static class DatagramIo
{
    /// <summary>libc on 64-bit Linux, the Socket class elsewhere.</summary>
    public static IDatagramIo For(bool portable) =>
        portable || !LinuxDatagramIo.IsSupported ? PortableDatagramIo.Instance : LinuxDatagramIo.Instance;
}
