// Command clients asks the local cloud through the official Go clients and prints the answers as one JSON object.
// The programs of the other languages print the same object: see ../README.md.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/bigquery"
	"cloud.google.com/go/pubsub/v2"
	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	name     = "go_clients"
	messages = 1000
)

var project = os.Getenv("GCP_PROJECT_ID")

type row struct {
	ID    string   `json:"id"`
	Price *string  `json:"price"`
	At    *string  `json:"at"`
	Tags  []string `json:"tags"`
	Owner *string  `json:"owner"`
}

// jsonRow is inserted as it is, without a type of Go for each column.
type jsonRow map[string]bigquery.Value

func (columns jsonRow) Save() (map[string]bigquery.Value, string, error) { return columns, "", nil }

type order struct {
	ID    int64
	Price *big.Rat
	At    bigquery.NullTimestamp
	Tags  []string
	Owner *struct{ Name string }
}

type bigqueryFacts struct {
	InsertErrors       int      `json:"insertErrors"`
	Rows               []row    `json:"rows"`
	IDFoundByParameter []string `json:"idFoundByParameter"`
	FirstPage          []int64  `json:"firstPage"`
	AllPages           []int64  `json:"allPages"`
	RowsLoaded         int64    `json:"rowsLoaded"`
	CodeOfWrongSQL     int      `json:"codeOfWrongSql"`
	CodeOfMissingTable int      `json:"codeOfMissingTable"`
}

type pubsubFacts struct {
	Messages           int      `json:"messages"`
	Sum                int      `json:"sum"`
	Colours            []string `json:"colours"`
	CodeOfMissingTopic int      `json:"codeOfMissingTopic"`
}

type storageFacts struct {
	Names           []string `json:"names"`
	SHA256          string   `json:"sha256"`
	CodeAfterDelete int      `json:"codeAfterDelete"`
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func succeed(err error) { must(0, err) }

// refusal returns the HTTP status of an error, 200 without one.
func refusal(err error) int {
	var answer *googleapi.Error
	switch {
	case err == nil:
		return 200
	case errors.As(err, &answer):
		return answer.Code
	case errors.Is(err, storage.ErrObjectNotExist), status.Code(err) == codes.NotFound:
		return 404
	}
	log.Fatal(err)
	return 0
}

func all[T any](next func(*T) error) []T {
	found := []T{}
	for {
		var value T
		err := next(&value)
		if errors.Is(err, iterator.Done) {
			return found
		}
		succeed(err)
		found = append(found, value)
	}
}

func askBigQuery(ctx context.Context) bigqueryFacts {
	endpoint := os.Getenv("BIGQUERY_EMULATOR_HOST") + "/bigquery/v2/"
	client := must(bigquery.NewClient(ctx, project, option.WithEndpoint(endpoint), option.WithoutAuthentication()))
	defer client.Close()
	dataset := client.Dataset(name)
	succeed(dataset.Create(ctx, nil))
	schema := bigquery.Schema{
		{Name: "id", Type: bigquery.IntegerFieldType},
		{Name: "price", Type: bigquery.NumericFieldType},
		{Name: "at", Type: bigquery.TimestampFieldType},
		{Name: "tags", Type: bigquery.StringFieldType, Repeated: true},
		{Name: "owner", Type: bigquery.RecordFieldType, Schema: bigquery.Schema{{Name: "name", Type: bigquery.StringFieldType}}},
	}
	table := dataset.Table("orders")
	succeed(table.Create(ctx, &bigquery.TableMetadata{Schema: schema}))
	insertErrors := 0
	var rejected bigquery.PutMultiError
	err := table.Inserter().Put(ctx, []jsonRow{
		{
			"id":    "9007199254740993",
			"price": "12345678901234567890.123456789",
			"at":    "2026-11-30T08:00:00.123456Z",
			"tags":  []string{"a", "ü"},
			"owner": map[string]string{"name": "Ada"},
		},
		{"id": "1"},
	})
	if errors.As(err, &rejected) {
		insertErrors = len(rejected)
	} else {
		succeed(err)
	}
	rows := []row{}
	orders := must(client.Query("SELECT * FROM " + name + ".orders ORDER BY id DESC").Read(ctx))
	for _, order := range all(func(found *order) error { return orders.Next(found) }) {
		found := row{ID: strconv.FormatInt(order.ID, 10), Tags: append([]string{}, order.Tags...)}
		if order.Price != nil {
			price := bigquery.NumericString(order.Price)
			found.Price = &price
		}
		if order.At.Valid {
			at := order.At.Timestamp.UTC().Format("2006-01-02T15:04:05.000000Z")
			found.At = &at
		}
		if order.Owner != nil {
			found.Owner = &order.Owner.Name
		}
		rows = append(rows, found)
	}
	byParameter := client.Query("SELECT id FROM " + name + ".orders WHERE id = @id")
	byParameter.Parameters = []bigquery.QueryParameter{{Name: "id", Value: int64(9007199254740993)}}
	ids := []string{}
	found := must(byParameter.Read(ctx))
	for _, values := range all(func(values *[]bigquery.Value) error { return found.Next(values) }) {
		ids = append(ids, strconv.FormatInt(values[0].(int64), 10))
	}
	numbers := must(client.Query("SELECT n FROM UNNEST(GENERATE_ARRAY(1, 10)) AS n ORDER BY n").Read(ctx))
	var pages [][]int64
	pager := iterator.NewPager(numbers, 3, "")
	for {
		var page [][]bigquery.Value
		token := must(pager.NextPage(&page))
		values := []int64{}
		for _, value := range page {
			values = append(values, value[0].(int64))
		}
		pages = append(pages, values)
		if token == "" {
			break
		}
	}
	source := bigquery.NewReaderSource(strings.NewReader("{\"id\":1}\n{\"id\":2}\n"))
	source.SourceFormat = bigquery.JSON
	source.Schema = schema[:1]
	load := must(dataset.Table("loaded").LoaderFrom(source).Run(ctx))
	loaded := must(load.Wait(ctx))
	succeed(loaded.Err())
	_, wrongSQL := client.Query("SELEC 1").Read(ctx)
	_, missingTable := dataset.Table("missing").Metadata(ctx)
	return bigqueryFacts{
		InsertErrors:       insertErrors,
		Rows:               rows,
		IDFoundByParameter: ids,
		FirstPage:          pages[0],
		AllPages:           slices.Concat(pages...),
		RowsLoaded:         loaded.Statistics.Details.(*bigquery.LoadStatistics).OutputRows,
		CodeOfWrongSQL:     refusal(wrongSQL),
		CodeOfMissingTable: refusal(missingTable),
	}
}

func askPubSub(ctx context.Context) pubsubFacts {
	client := must(pubsub.NewClient(ctx, project))
	defer client.Close()
	topic := "projects/" + project + "/topics/" + name
	subscription := "projects/" + project + "/subscriptions/" + name
	must(client.TopicAdminClient.CreateTopic(ctx, &pubsubpb.Topic{Name: topic}))
	must(client.SubscriptionAdminClient.CreateSubscription(ctx, &pubsubpb.Subscription{Name: subscription, Topic: topic}))
	publisher := client.Publisher(topic)
	published := make([]*pubsub.PublishResult, messages)
	for number := range published {
		published[number] = publisher.Publish(ctx, &pubsub.Message{
			Data: []byte(strconv.Itoa(number)), Attributes: map[string]string{"colour": "blue"},
		})
	}
	for _, result := range published {
		must(result.Get(ctx))
	}
	var lock sync.Mutex
	numbers := map[string]int{}
	colours := []string{}
	limited, stop := context.WithTimeout(ctx, 2*time.Minute)
	defer stop()
	succeed(client.Subscriber(subscription).Receive(limited, func(_ context.Context, message *pubsub.Message) {
		lock.Lock()
		defer lock.Unlock()
		numbers[message.ID] = must(strconv.Atoi(string(message.Data)))
		if colour := message.Attributes["colour"]; !slices.Contains(colours, colour) {
			colours = append(colours, colour)
		}
		message.Ack()
		if len(numbers) == messages {
			stop()
		}
	}))
	sum := 0
	for _, number := range numbers {
		sum += number
	}
	_, missing := client.TopicAdminClient.GetTopic(ctx, &pubsubpb.GetTopicRequest{Topic: topic + "_missing"})
	return pubsubFacts{Messages: len(numbers), Sum: sum, Colours: colours, CodeOfMissingTopic: refusal(missing)}
}

func askStorage(ctx context.Context) storageFacts {
	client := must(storage.NewClient(ctx))
	defer client.Close()
	bucket := client.Bucket(strings.ReplaceAll(name, "_", "-"))
	succeed(bucket.Create(ctx, project, nil))
	content := make([]byte, 0, 256*4096)
	for range 4096 {
		for value := range 256 {
			content = append(content, byte(value))
		}
	}
	for object, value := range map[string][]byte{"folder/large": content, "folder/small": []byte("ü"), "other": {}} {
		writer := bucket.Object(object).NewWriter(ctx)
		must(io.Copy(writer, bytes.NewReader(value)))
		succeed(writer.Close())
	}
	names := []string{}
	objects := bucket.Objects(ctx, &storage.Query{Prefix: "folder/"})
	for {
		object, err := objects.Next()
		if errors.Is(err, iterator.Done) {
			break
		}
		names = append(names, must(object, err).Name)
	}
	large := bucket.Object("folder/large")
	reader := must(large.NewReader(ctx))
	digest := sha256.Sum256(must(io.ReadAll(reader)))
	succeed(reader.Close())
	succeed(large.Delete(ctx))
	_, deleted := large.NewReader(ctx)
	return storageFacts{
		Names:           names,
		SHA256:          base64.StdEncoding.EncodeToString(digest[:]),
		CodeAfterDelete: refusal(deleted),
	}
}

func main() {
	ctx := context.Background()
	succeed(json.NewEncoder(os.Stdout).Encode(map[string]any{
		"bigquery": askBigQuery(ctx), "pubsub": askPubSub(ctx), "storage": askStorage(ctx),
	}))
}
