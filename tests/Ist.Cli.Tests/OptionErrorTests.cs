using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>Each way to get a command line wrong: exit code 2, one line, nothing on the standard output.</summary>
public sealed class OptionErrorTests
{
    private const string Files = "finetune --model m --data d.jsonl --output o ";

    [Theory]
    [InlineData("finetun", "unknown command 'finetun'; did you mean 'finetune'?; see 'ist --help'")]
    [InlineData("--modle", "unknown option '--modle'")]
    [InlineData("finetune --rnk 8", "unknown option '--rnk'; did you mean '--rank'?; see 'ist finetune --help'")]
    [InlineData("finetune --rnk=8", "unknown option '--rnk'; did you mean '--rank'?")]
    [InlineData("finetune --resme", "unknown option '--resme'; did you mean '--resume'?")]
    [InlineData("finetune --learning-rate 1", "unknown option '--learning-rate'; did you mean '--lr'?")]
    [InlineData("finetune --sample-packing", "unknown option '--sample-packing'; did you mean '--packing'?")]
    [InlineData("finetune --lora-alpha 8", "unknown option '--lora-alpha'; did you mean '--alpha'?")]
    [InlineData("finetune a.yaml b.yaml", "unexpected word 'b.yaml'; see 'ist finetune --help'")]
    [InlineData("finetune --rank", "--rank has no value; give --rank N")]
    [InlineData("finetune --rank 8 --rank 9", "'--rank' expects a single argument but 2 were provided")]
    [InlineData("evaluate more", "unexpected word 'more'; see 'ist evaluate --help'")]
    [InlineData("finetune", "--model is missing: the model")]
    [InlineData("finetune --model m", "--data is missing: the training data")]
    [InlineData("finetune --model m --data d.jsonl", "--output is missing: the folder that the run writes to")]
    [InlineData("evaluate --model m", "--data is missing")]
    [InlineData("generate --model m", "--prompt is missing")]
    [InlineData("trace --model m --input i", "--output is missing")]
    [InlineData(Files + "--rank 0", "--rank is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--rank 8.5", "--rank is '8.5'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--rank 99999999999", "--rank is '99999999999'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--alpha 0", "--alpha is '0'; expected a positive number.")]
    [InlineData(Files + "--alpha NaN", "--alpha is 'NaN'; expected a positive number.")]
    [InlineData(Files + "--dropout 1", "--dropout is '1'; expected a probability, 0 or more and less than 1.")]
    [InlineData(Files + "--eval-fraction 1", "--eval-fraction is '1'; expected a number between 0 and 1, such as 0.05.")]
    [InlineData(Files + "--method lra", "--method is 'lra'; expected one of lora, dora, vera, ia3, prefix, prompt, bottleneck, houlsby, pfeiffer, parallel, ln, bitfit, full, none.")]
    [InlineData(Files + "--method none", "--method is none, which trains nothing; give another method")]
    [InlineData(Files + "--num-virtual-tokens 5", "--num-virtual-tokens belongs to the methods prefix and prompt, but the method is lora; leave it out.")]
    [InlineData(Files + "--method prompt --prefix-projection", "--prefix-projection belongs to the method prefix, but the method is prompt; leave it out.")]
    [InlineData(Files + "--method prefix --encoder-hidden-size 5", "--encoder-hidden-size needs --prefix-projection, whose network it is of.")]
    [InlineData(Files + "--method prompt --prompt-tuning-init TEXT", "--prompt-tuning-init TEXT and --prompt-tuning-init-text belong together; give both or none.")]
    [InlineData(Files + "--method prompt --sparse ist", "--sparse is ist, which chooses layers to train, but prompt tuning trains nothing in them")]
    [InlineData(Files + "--init zero", "--init is 'zero'; expected one of checkpoint, random.")]
    [InlineData(Files + "--init random", "--init is random, but frozen random weights learn nothing; add --method full.")]
    [InlineData(Files + "--target q_proj,,v_proj", "--target is 'q_proj,,v_proj'; expected module names such as q_proj,v_proj, or all-linear.")]
    [InlineData(Files + "--method prompt --sparse ist-flipped", "--sparse is ist-flipped, which chooses layers to train")]
    [InlineData(Files + "--sparse some", "--sparse is 'some'; expected one of ist, ist-flipped, random, lisa, badam, fixed, gradient, all.")]
    [InlineData(Files + "--active-layers 2", "--active-layers belongs to --sparse ist, ist-flipped, random, lisa and gradient, but it is all; leave it out.")]
    [InlineData(Files + "--active-layers 2 --sparse badam", "--active-layers belongs to --sparse ist, ist-flipped, random, lisa and gradient, but it is badam; leave it out.")]
    [InlineData(Files + "--truncate 2", "--truncate belongs to --sparse ist, ist-flipped and random, but it is all; leave it out.")]
    [InlineData(Files + "--truncate 2 --sparse lisa", "--truncate belongs to --sparse ist, ist-flipped and random, but it is lisa; leave it out.")]
    [InlineData(Files + "--truncate 0 --sparse ist", "--truncate is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--interval 5 --sparse random", "--interval belongs to --sparse ist, ist-flipped, lisa and badam, but it is random; leave it out.")]
    [InlineData(Files + "--candidates 5 --sparse random", "--candidates belongs to --sparse ist and ist-flipped, but it is random; leave it out.")]
    [InlineData(Files + "--suppression 0.5", "--suppression belongs to --sparse ist and ist-flipped, but it is all; leave it out.")]
    [InlineData(Files + "--step-size nan --sparse ist", "--step-size is 'nan'; expected a number.")]
    [InlineData(Files + "--draw top --sparse gradient", "--draw belongs to --sparse ist and ist-flipped, but it is gradient; leave it out.")]
    [InlineData(Files + "--draw best --sparse ist", "--draw is 'best'; expected one of sample, top.")]
    [InlineData(Files + "--sparse-warmup-steps 5 --sparse random", "--sparse-warmup-steps belongs to --sparse ist and ist-flipped, but it is random; leave it out.")]
    [InlineData(Files + "--layers 1,2 --sparse ist", "--layers belongs to --sparse fixed, but it is ist; leave it out.")]
    [InlineData(Files + "--layers 1,x --sparse fixed", "--layers is '1,x'; expected layers such as 0,3,11.")]
    [InlineData(Files + "--sparse fixed", "--sparse is fixed; say which layers with --layers, such as --layers 0,3,11.")]
    [InlineData(Files + "--block-order ascending --sparse lisa", "--block-order belongs to --sparse badam, but it is lisa; leave it out.")]
    [InlineData(Files + "--exploration 0 --sparse gradient", "--exploration is '0'; expected a number, more than 0 and at most 1.")]
    [InlineData(Files + "--gradient-decay 0.5 --sparse ist", "--gradient-decay belongs to --sparse gradient, but it is ist; leave it out.")]
    [InlineData(Files + "--state free", "--state belongs to --sparse ist, ist-flipped, random, lisa, gradient, badam and fixed, but it is all; leave it out.")]
    [InlineData(Files + "--lisa-activated-layers 2", "unknown option '--lisa-activated-layers'; did you mean '--active-layers'?")]
    [InlineData(Files + "--steps 0", "--steps is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--epochs 0", "--epochs is '0'; expected a positive number.")]
    [InlineData(Files + "--steps 5 --epochs 2", "--steps and --epochs exclude each other; give one of them.")]
    [InlineData(Files + "--eval-data e.jsonl --eval-fraction 0.1", "--eval-data and --eval-fraction exclude each other; give one of them.")]
    [InlineData(Files + "--batch-size 0", "--batch-size is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--micro-batch-size 0", "--micro-batch-size is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--max-length 1", "--max-length is '1'; expected a whole number, 2 or more.")]
    [InlineData(Files + "--lr 0", "--lr is '0'; expected a positive number such as 2e-4.")]
    [InlineData(Files + "--lr inf", "--lr is 'inf'; expected a positive number such as 2e-4.")]
    [InlineData(Files + "--schedule square", "--schedule is 'square'; expected one of linear, cosine, constant.")]
    [InlineData(Files + "--warmup-steps=-1", "--warmup-steps is '-1'; expected a whole number, 0 or more.")]
    [InlineData(Files + "--weight-decay=-1", "--weight-decay is '-1'; expected a number, 0 or more.")]
    [InlineData(Files + "--max-grad-norm=-1", "--max-grad-norm is '-1'; expected a number, 0 or more.")]
    [InlineData(Files + "--eval-every 0", "--eval-every is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--eval-every 5", "--eval-every needs --eval-data or --eval-fraction, on which to evaluate.")]
    [InlineData(Files + "--save-every 0", "--save-every is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--threads 0", "--threads is '0'; expected a whole number, 1 or more.")]
    [InlineData(Files + "--seed=-1", "--seed is '-1'; expected a whole number from 0 to 18446744073709551615.")]
    [InlineData(Files + "--device gpu", "--device is 'gpu'; expected one of auto, cpu.")]
    [InlineData(Files + "--method full --rank 8", "--rank belongs to the methods lora, dora and vera, but the method is full; leave it out.")]
    [InlineData(Files + "--method ia3 --rank 8", "--rank belongs to the methods lora, dora and vera, but the method is ia3; leave it out.")]
    [InlineData(Files + "--method vera --alpha 8", "--alpha belongs to the methods lora and dora")]
    [InlineData(Files + "--method vera --bias lora_only", "--bias is lora_only, which with the method vera is called vera_only; give that.")]
    [InlineData(Files + "--bias vera_only", "--bias is vera_only, which with the method lora is called lora_only; give that.")]
    [InlineData(Files + "--method full --alpha 8", "--alpha belongs to the methods lora and dora")]
    [InlineData(Files + "--method full --dropout 0", "--dropout belongs to the methods lora, dora, vera, bottleneck, houlsby, pfeiffer and parallel")]
    [InlineData(Files + "--method full --target q_proj", "--target belongs to the methods lora, dora, vera, ia3, bottleneck and ln")]
    [InlineData("generate --model m --prompt p --temperature=-1", "--temperature is '-1'; expected a number, 0 or more.")]
    [InlineData("generate --model m --prompt p --top-p 0", "--top-p is '0'; expected a number, more than 0 and at most 1.")]
    [InlineData("generate --model m --prompt p --top-k=-1", "--top-k is '-1'; expected a whole number, 0 or more.")]
    [InlineData("generate --model m --prompt p --max-new-tokens 0", "--max-new-tokens is '0'; expected a whole number, 1 or more.")]
    [InlineData("evaluate --model m --data d --batch-size 0", "--batch-size is '0'; expected a whole number, 1 or more.")]
    [InlineData("evaluate --model m --data d --max-length 1", "--max-length is '1'; expected a whole number, 2 or more.")]
    [InlineData("trace --model m --input i --output o --gradients some", "--gradients is 'some'; expected one of adapter, all, none.")]
    [InlineData("trace --model m --input i --output o --gradients adapter", "--gradients is adapter, but there is no --adapter")]
    [InlineData("trace --model m --adapter a --input i --output o --gradients all", "--gradients is all, which are those of the base weights without an adapter")]
    public void A_wrong_command_line(string arguments, string expected)
    {
        Result result = Command.Run(arguments.Split(' '));

        result.Failed(2, expected);
        Assert.Equal("", result.Output);
    }

    [Fact]
    public void An_argument_with_line_breaks_still_makes_one_line() =>
        Command.Run("finetune", "--model", "m", "--data", "d", "--output", "o", "--rank", "1\n2").Failed(2, "--rank is '1 2'");

    [Fact]
    public void A_prompt_that_begins_with_an_at_sign_is_no_response_file() =>
        Command.Run("generate", "--model", "no-such-model", "--prompt", "@home").Failed(2, "no-such-model: there is no such folder");
}
