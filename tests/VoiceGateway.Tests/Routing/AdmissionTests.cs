using VoiceGateway.Routing;

namespace VoiceGateway.Tests.Routing;

public sealed class AdmissionTests
{
    [Fact]
    public void TryAdmit_ManyAtOnce_NeverMoreThanTheLimit()
    {
        var admission = new Admission(10);
        var admitted = 0;
        Parallel.For(0, 1000, _ => { if (admission.TryAdmit()) Interlocked.Increment(ref admitted); });
        Assert.Equal(10, admitted);
        admission.Release();
        Assert.True(admission.TryAdmit());
        Assert.False(admission.TryAdmit());
    }
}
