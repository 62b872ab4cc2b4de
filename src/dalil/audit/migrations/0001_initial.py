from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                ("circle", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("position", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="DayKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("circle", models.CharField(max_length=32)),
                ("day", models.DateField()),
                ("key", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("circle", "day"), name="daykey_once")],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("circle", models.CharField(max_length=32)),
                ("position", models.PositiveBigIntegerField()),
                ("day", models.DateField()),
                ("seq", models.PositiveIntegerField()),
                ("actor", models.CharField(max_length=32)),
                ("event", models.CharField(max_length=64)),
                ("subject", models.CharField(max_length=128)),
                ("facts", models.TextField()),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("circle", "position"), name="entry_position"),
                    models.UniqueConstraint(fields=("circle", "day", "seq"), name="entry_seq"),
                ],
            },
        ),
    ]
