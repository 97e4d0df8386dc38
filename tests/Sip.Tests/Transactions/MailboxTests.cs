namespace VoiceGateway.Sip.Tests.Transactions;

public class MailboxTests
{
    [Fact]
    public void Post_AtRest_RunsOnTheCallersThread()
    {
        int thread = 0;
        new Mailbox(_ => { }).Post(() => thread = Environment.CurrentManagedThreadId);
        Assert.Equal(Environment.CurrentManagedThreadId, thread);
    }

    [Fact]
    public void Post_FromWithin_RunsAfterwards()
    {
        var mailbox = new Mailbox(_ => { });
        List<int> order = [];
        mailbox.Post(() =>
        {
            mailbox.Post(() => order.Add(2));
            order.Add(1);
        });
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public void Post_ActionThrows_ReportsAndGoesOn()
    {
        List<Exception> faults = [];
        var mailbox = new Mailbox(faults.Add);
        bool ran = false;
        mailbox.Post(() =>
        {
            mailbox.Post(() => ran = true);
            throw new InvalidOperationException("x");
        });
        Assert.Single(faults);
        Assert.True(ran);
    }

    [Fact]
    public async Task Post_FromManyThreads_RunsEveryActionAloneAndOnce()
    {
        var mailbox = new Mailbox(_ => { });
        int inside = 0, most = 0, count = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 20_000), async (_, _) =>
        {
            await Task.Yield();
            mailbox.Post(() =>
            {
                most = Math.Max(most, ++inside);
                count++;
                inside--;
            });
        });
        var done = new TaskCompletionSource();
        mailbox.Post(done.SetResult);
        await done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(20_000, count);
        Assert.Equal(1, most);
    }

    [Fact]
    public void Timer_StoppedWhileItsFiringWaits_DoesNothing()
    {
        var time = new FakeTime();
        var mailbox = new Mailbox(_ => { });
        int fired = 0;
        var timer = new MailboxTimer(time, mailbox, () => fired++);
        mailbox.Post(() =>
        {
            timer.Start(TimeSpan.FromSeconds(1));
            time.Advance(1000); // its firing is now queued behind us
            timer.Stop();
        });
        Assert.Equal(0, fired);
        mailbox.Post(() =>
        {
            timer.Start(TimeSpan.FromSeconds(1));
            time.Advance(1000);
            timer.Start(TimeSpan.FromSeconds(5));
        });
        Assert.Equal(0, fired);
        time.Advance(5000);
        Assert.Equal(1, fired);
        Assert.Equal(0, time.ActiveTimers);
    }
}
