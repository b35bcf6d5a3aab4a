using Ist.Cli.Progress;

namespace Ist.Cli.Tests;

public sealed class ShareProgressTests
{
    [Fact]
    public void Tells_each_quarter_of_a_minute_what_is_done_and_what_is_left()
    {
        var (error, clock) = (new StringWriter(), new Clock());
        var progress = new ShareProgress(new Terminal(TextWriter.Null, error, IsInteractive: false, HasColors: false), clock);
        for (int tenth = 1; tenth <= 10; tenth++)
        {
            clock.Seconds += 6;
            progress.Report(tenth / 10.0);
        }
        Assert.Equal(["30 % done  ETA 0:42", "60 % done  ETA 0:24", "90 % done  ETA 0:06"], error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    private sealed class Clock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
